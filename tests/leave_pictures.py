"""A plugin of pytest: of the notebooks nbval compares tables, texts and figures, and leaves pictures alone."""


def pytest_collection_modifyitems(items):
    for item in items:
        if hasattr(item.parent, "skip_compare"):  # a drawing depends on the fonts of the machine
            item.parent.skip_compare = (*item.parent.skip_compare, "image/svg+xml")

"""Columns are guessed right in lists of other authorities, and never silently wrong about money or place.

The lists and the truth about them are in layouts.py, which knows nothing of how the guessing is done.
"""

import pytest
from layouts import GUARDED, LAYOUTS

from wmo_analysis.add import Proposed, look
from wmo_analysis.errors import WmoError

NOTHING = Proposed(-1, "(unknown)", "(unknown)", "", False, "no such column", ())


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """(layout, what `look` says of it) of every layout; a refusal is an answer too, as text."""
    folder, found = tmp_path_factory.mktemp("layouts"), []
    for layout in LAYOUTS:
        path = layout.write(folder)
        try:
            found.append((layout, look(path)))
        except WmoError as error:
            found.append((layout, f"{layout.name}: {error}"))
    return found


def pairs(answers):
    """(layout, column, what is said of it) of every column, also of those that only one of the two knows."""
    for layout, answer in answers:
        said = {} if isinstance(answer, str) else {each.column: each for each in answer.columns}
        truth = {column.position: column for column in layout.columns}
        for position in sorted(said.keys() | truth.keys()):
            yield layout, truth.get(position), said.get(position, NOTHING)


def line(layout, column, said):
    header = column.header if column else f"(unknown) {said.header}"
    right = " or ".join(sorted(role or "not used" for role in column.roles)) if column else "not used"
    doubt = ", asked" if said.asked else ""
    return f"{layout.name} '{header}': {said.proposed or 'not used'}{doubt}, must be {right} ({said.reason})"


def test_nineteen_of_twenty_columns_are_proposed_right(answers):
    known = [(layout, column, said) for layout, column, said in pairs(answers) if column]
    wrong = [line(*each) for each in known if each[2].proposed not in each[1].roles]
    refused = [answer for _, answer in answers if isinstance(answer, str)]
    print(f"\n{len(known) - len(wrong)} of {len(known)} right", *wrong, *refused, sep="\n")
    assert len(wrong) <= 0.05 * len(known), "\n".join(refused + wrong)


def test_no_amount_or_municipality_is_silently_wrong(answers):
    silent = []
    for layout, column, said in pairs([each for each in answers if not isinstance(each[1], str)]):
        right = column.roles if column else {""}
        guarded = (column and column.guarded) or said.proposed in GUARDED
        if guarded and not said.asked and said.proposed not in right:
            silent.append(line(layout, column, said))
    assert not silent, "\n".join(silent)


def test_sheet_and_header_row_are_found_in_nineteen_of_twenty(answers):
    wrong = []
    for layout, answer in answers:
        if isinstance(answer, str):
            wrong.append(answer)
        elif answer.sheet not in layout.sheets or answer.header_row != layout.header_row:
            found = f"sheet {answer.sheet!r}, header in row {answer.header_row}"
            wrong.append(f"{layout.name}: {found}, must be one of {sorted(layout.sheets)}, row {layout.header_row}")
    print("", *wrong, sep="\n")
    assert len(wrong) <= 1, "\n".join(wrong)

"""What the charts of rows share: labels at the left, bars beside them, ticks, and the texts around the plot."""

from wmo_analysis import words
from wmo_analysis.style import BAR, LIGHT, escape, example_line, fit, mark, measure, selection, wrap

WORDS = 12  # a title has no more


def told(about, say, finding, rule, alt=(), **values):
    """title, subtitle, rule, sentence and alt for `frame`; `alt` are sentences without their full stop."""
    date = words.date(about["as_of"], about["language"])
    about_it = say("subtitle", selection=selection(about), date=date, **values)
    extra = " ".join(f"{line}." for line in [*alt, example_line(about)] if line)
    sentence = words.say("chart.sentence", about["language"], date=date, finding=finding)
    made = dict(sentence=sentence, alt=say("alt", date=date, finding=finding, extra=extra).strip())
    return made | dict(title=finding, subtitle="; ".join([about_it, *about["subtitle_notes"]]), rule=rule)


def short(forms):
    """The first of the forms that has at most twelve words, else the last."""
    return next((form for form in forms if len(form.split()) <= WORDS), forms[-1])


def lines(text, px, room, most=2, bold=False):
    """At most `most` lines no wider than `room` px; what is cut ends in an ellipsis."""
    found = wrap(text, px, room, bold)
    return found if len(found) <= most else [*found[: most - 1], fit(" ".join(found[most - 1 :]), px, room, bold)]


def lay(rows, text, room, share=0.36, most=2, pitch=None):
    """Gives each row its `lines`, `y`, `high` and `bar` (px); returns the px of the labels and of all rows.

    A row has a label, and optionally gap (above it, in text heights) and bold.
    """
    pitch = pitch or (1.75 if len(rows) > 12 else 2.5) * text
    y = left = 0
    for row in rows:
        bold = row.get("bold", False)
        row["lines"] = lines(row["label"], text, share * room, most, bold)
        left = max([left, *(measure(line, text, bold) for line in row["lines"])])
        high = max(pitch, (1.3 * len(row["lines"]) + 0.45) * text)
        y += row.get("gap", 0) * text + high
        row |= dict(y=y - high / 2, high=high, bar=0.6 * pitch)
    return left + 12, y


def names(rows, text):
    """The labels of laid rows, right-aligned at the left of the plot."""
    place = dict(xref="paper", xanchor="right", xshift=-12, align="right", name="label")
    return [
        mark(strong(row["lines"], row.get("bold")), 0, row["y"], text, row.get("ink", LIGHT.ink), **place)
        for row in rows
    ]


def strong(texts, bold=True):
    """Escaped lines, bold or not."""
    return "<br>".join(f"<b>{escape(line)}</b>" if bold else escape(line) for line in texts)


def note(text, width, size):
    """(annotations, height) of a plot without rows."""
    shown = lines(text, size, width, 3)
    return [mark(strong(shown, False), 0, 1.5 * size, size, LIGHT.muted, xref="paper", name="nothing")], 3 * size


def bars(name, rows, values, hover, base=None, **look):
    """One trace: a bar of `values` in each of the laid rows, from zero or from `base`; look: fill, line, pattern."""
    line = look.get("line", look["fill"])
    return dict(
        name=name,
        base=base,
        x=values,
        y=[row["y"] for row in rows],
        width=[row["bar"] for row in rows],
        marker=dict(
            color=look["fill"],
            line=dict(color=line, width=[1.25 * bool(value) for value in values]),
            pattern=look.get("pattern"),
        ),
        customdata=[row["code"] for row in rows],
        hovertext=[hover(row) for row in rows],
        **BAR,
    )


def rule_at(y, left, right, room, px):
    """The line of the whole width above the total."""
    plot = room - left - right
    line = dict(color=LIGHT.axis, width=px.hairline)
    return dict(type="line", xref="paper", x0=-left / plot, x1=1 + right / plot, y0=y, y1=y, line=line)


def zero(high, px):
    """The line from which the bars start."""
    return dict(type="line", x0=0, x1=0, y0=0, y1=high, line=dict(color=LIGHT.axis, width=px.hairline))


def heading(row):
    """Bold name of a row, for its hover."""
    return f"<b>{escape(fit(row['label'], 12, 480))}</b>"


def capital(text):
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def ticks(top, most):
    """Round numbers from 0 to `top`, at most `most` steps apart by 1, 2 or 5 times a power of ten."""
    whole = max(int(top), 1)
    steps = [unit * 10**power for power in range(len(str(whole)) + 1) for unit in (1, 2, 5)]
    step = next((step for step in steps if whole <= most * step), steps[-1])
    return list(range(0, whole + 1, step))


def percent(share, language):
    """'45 %' (no-break space)."""
    return words.say("chart.rows.percent", language, share=words.number(share, 0))

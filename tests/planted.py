"""Contact data of persons who do not exist, in every notation that we know, and texts that only look like them.

Everything is drawn with a seed, in memory: no file of this repository holds a detail. Names are made of syllables, addresses
lie in example.org, a BSN or an account is a random number that passes the test.
"""

import dataclasses
import random
from collections.abc import Callable

from wmo_analysis.pipeline.private import eleven

HEADS = "Nep Fop Bedenk Verzin Kwan Zogen Fabel Droom".split()
TAILS = "stra veldsma boersma hoekstra kamptra dijkema huizinga meersma".split()
FIRST = "Fictia Nepomuk Bedina Quasimo Verzina Doenalso".split()
BETWEEN = ["", "", "de ", "van ", "van der ", "ten "]
STREETS = "Neppestraat Verzonnenlaan Fopgracht Dromersteeg Fabelplantsoen Bedachtweg Zogenaamdplein Nepsingel".split()


@dataclasses.dataclass(frozen=True)
class Detail:
    """A detail as it is written in a text, the parts of it that must not come out, and for a name the contact cell."""

    kind: str
    text: str
    secrets: tuple[str, ...]
    contact: str = ""


def digits(chance: random.Random, count: int) -> str:
    return "".join(str(chance.randint(1, 9)) for _ in range(count))


def mail(chance: random.Random) -> Detail:
    name, other, number = chance.choice(FIRST).lower(), chance.choice(HEADS).lower(), chance.randint(100, 999)
    local = f"{name}.{other}{number}"
    text = chance.choice([
        f"{local}@example.org", f"{local.upper()}@EXAMPLE.ORG", f"{local}+wmo@post.example.org",
        f"mailto:{local}@example.org",
        f"{local}(at)example.org", f"{local} [at] example.org", f"{local} @ example.org", f"{local}＠example．org",
        f'"{local.replace(".", " ")}"@example.org', f"{local}(at)example(punt)org", f"{local} at example dot org",
        f"{local}%40example.org", f"{local}@gemeente", f"{local}&#64;example.org", f"{local}(a)example.org",
        f"{local} apestaartje example.org", f"{local}_at_example.org", f"{local}\u00a0@\u00a0example.org",
    ])  # fmt: skip
    return Detail("mail", text, (text, f"{other}{number}"))


def phone(chance: random.Random) -> Detail:
    rest, mobile = digits(chance, 7), digits(chance, 8)
    a, b, c = rest[:3], rest[3:5], rest[5:]
    pairs = " ".join(mobile[at : at + 2] for at in range(0, 8, 2))
    text = chance.choice([
        f"030-{rest}", f"030–{rest}", f"030‑{rest}", f"(030) {a} {b} {c}", f"030/{rest}", f"030 - {a} {b} {c}", f"030{rest}",
        f"06-{mobile}", f"06–{mobile}", f"06.{pairs.replace(' ', '.')}", f"06{mobile}", f"06 {pairs}", f"6-{mobile}",
        f"6{mobile}", f"30 {a} {b} {c}", f"30-{rest}", f"316{mobile}", f"31 6 {mobile}", f"+316{mobile}",
        f"+31 (0)30 {rest}", f"0031 6 {pairs}", f"(+31) 30 {rest}", f"tel. {rest}", f"telefoonnummer {rest}",
        f"０６－{mobile}", f"06\u200b{mobile}", f"+32 2 {a} {b} {c}1", f"06:{mobile}",
    ])  # fmt: skip
    return Detail("phone", text, (text, rest, mobile))


def bsn(chance: random.Random) -> Detail:
    number = next(each for each in iter(lambda: digits(chance, 9), "") if eleven(each))
    a, b, c = number[:4], number[4:6], number[6:]
    text = chance.choice([
        number, f"{a}.{b}.{c}", f"{a} {b} {c}", f"{number[:3]}.{number[3:6]}.{number[6:]}", f"BSN {number}", f"bsn: {number}",
        f"BSN-nr. {a}.{b}.{c}", f"sofinummer {number}", f"sofi-nr {number}", f"burgerservicenummer {number}",
        f"burger service nummer is {number}", f"persoonsnummer {number}",
    ])  # fmt: skip
    return Detail("bsn", text, (number, f"{a}.{b}.{c}", f"{a} {b} {c}"))


def account(chance: random.Random) -> Detail:
    number = digits(chance, 10)
    check = 98 - int("232311" + "00" + number + "232100") % 97  # of NL..NNBB and ten digits, letters as 10 to 35
    n, old = number, digits(chance, 9)
    dotted = f"{old[:2]}.{old[2:4]}.{old[4:6]}.{old[6:]}"
    text = chance.choice([
        f"NL{check:02}NNBB{n}", f"NL{check:02} NNBB {n[:4]} {n[4:8]} {n[8:]}", f"nl{check:02}nnbb{n}",
        f"NL{check:02}.NNBB.{n[:4]}.{n[4:8]}.{n[8:]}", f"rekening {dotted}", f"bankrekening {old}", f"rek.nr. {old}",
        f"rekeningnummer: {n}", dotted, f"giro {n[:7]}", f"gironummer {n[:8]}", f"postbank {n[:7]}",
    ])  # fmt: skip
    return Detail("account", text, (n, f"{n[:4]} {n[4:8]}", f"{n[:4]}.{n[4:8]}", n[:8], n[:7], old, dotted))


def address(chance: random.Random) -> Detail:
    code, letters, house = chance.randint(3400, 3999), chance.choice(["NX", "QZ", "XV"]), chance.randint(2, 399)
    street, more = chance.choice(STREETS), chance.choice(["", "a", "-2", " bis"])
    text = chance.choice([
        f"{code} {letters} {house}{more}", f"{code}{letters} {house}{more}", f"{code}{letters.lower()} {house}{more}",
        f"{code} {letters}, nr. {house}", f"{street} {house}{more}", f"{street} {house}, {code} {letters} Utrecht",
        f"{street} nr. {house}", f"Laan van Nepwijk {house}", f"Postbus {code}",
        f"Nepbrink {house}{more}, {code} {letters} Utrecht", f"'t Nep {house} {code}{letters}",
    ])  # fmt: skip
    return Detail("address", text, (text, f"{code} {letters}", f"{code}{letters}", f"{street} {house}"))


def name(chance: random.Random) -> Detail:
    last = f"{chance.choice(HEADS)}{chance.choice('aeiou')}{chance.choice('bdklmnrst')}{chance.choice(TAILS)}"
    first, link = chance.choice(FIRST), chance.choice(BETWEEN)
    contact = chance.choice([
        f"{first} {link}{last}", f"{first[0]}. {link}{last}", f"{last}, {first[0]}. {link}".strip(),
        f"mw. drs. {first} {link}{last}",
        f"{first[0]}.B. {link}{last}", f"{first} {link}{last} (projectleider)", f"{first} {link}{last}; tel. 1234567",
    ])  # fmt: skip
    text = chance.choice([
        f"{first} {link}{last}", f"{first[0]}. {link}{last}", f"{first[0]}.{link}{last}", f"{first} {link}{last}".upper(),
        f"{last}, {first}", f"{last}, {first[0]}. {link}".strip(), f"mevrouw {link}{last}", f"mevr. {last}",
        f"dhr. {link.title()}{last}", f"drs. {first[0]}. {link}{last}", f"{first[0]}.C. {link}{last}", f"familie {last}",
        f"{link}{last}, {first[0]}.", f"{first}-Bedina {link}{last}", f"{first[0]} {last}", f"{last} {first[0]}.",
        f"{last} ({first})", f"{last}/{first}",
    ])  # fmt: skip
    return Detail("name", text, (last,), contact)


KINDS: dict[str, Callable[[random.Random], Detail]] = {
    "mail": mail, "phone": phone, "bsn": bsn, "account": account, "address": address, "name": name
}  # fmt: skip


def details(seed: int, count: int) -> list[Detail]:
    """So many details, of each kind in turn, whose names differ."""
    chance, made = random.Random(seed), []
    kinds = list(KINDS.values())
    while len(made) < count:
        detail = kinds[len(made) % len(kinds)](chance)
        if not any(detail.kind == "name" and detail.secrets == each.secrets for each in made):
            made.append(detail)
    return made


HARMLESS = [
    "Samen doen", "€ 1.234.567,89", "1.234.567,89", "€ 123.456.782", "123.456.782 euro", "bedrag 123456782", "30-11-2006",
    "01-02-2007 - 31-12-2007", "van 2006 tot en met 2008", "2008WMC10", "WT-04", "GM0342", "Actie 123456789", "123456789",
    "project 0344123410", "projectnummer 123456782", "zaak 2006.123456782", "62,5 uur", "150 uur", "3511 AB Utrecht",
    "Prestatieveld 1, 2, 3, 4, 5, 6, 7, 8 en 9", "De Bilt en Baarn", "Utrecht-West", "gemeente Baarn, B. en W.",
    "in 2007 en 12 keer", "2007 en 2008", "Buurtpark 2",
    "Kerkhof 12", "Onderweg 3", "Dorpsplein 2008", "Zorg op Maat fase 2", "jaarrekening 2006",
    "1.200 + 1.200", "art. 4.12.3", "08.30-12.30 uur", "12 x 30 = 360", "Samen @ thuis", "Meerlaanswijk 3 gemeenten",
    "KvK 30123456", "01-02-07 31-12-07", "01-02-07 tot 31-12-07", "09.00-12.30 en 13.30-17.00 uur",
    "09:00 - 12:30 13:30", "keuze (a) wonen, (b) zorg", "in 2008 (a) en 2009",
    "begroting 2007: 100.000 - 250.000", "Wmo 2007, 2008, 2009, 2010",
]  # fmt: skip

"""Small lists with the cases that the shipped ones lack: what the second reading is compared on too.

Several deliveries of one source, complete and not; dropped projects and conversations; same_as chains over the bases;
stated shares; an excluded theme beside others; a lower theme beside the one above; a partnership beside a municipality;
places outside; settled nothing; amounts without a date; lists that merge; examples silenced by what was received.
"""

PROJECTS = "key title source municipality weights theme status start end hours".split()
MONEY = "key title municipality theme status start asked granted settled amount_date merges_with".split()
TALKS = "municipality round talk quotation approval_1 approval_2 approval_3 start end second_contact".split()
CLAIMS = "fact_id as_of statement stated unit measure".split()


def rows(head, text):
    """The rows of a list: one a line, cells between strokes, '' for what is not there."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [head, *([*line, *[""] * (len(head) - len(line))] for line in lines)]


def card(source, basis, date, complete=False, **more):
    return {"source": source, "basis": basis, "date": date, "complete": complete} | more


def same(**projects):
    return [{"row": row, "project": project, "reason": "zelfde project"} for row, project in projects.items()]


# Three lists of one source: the second is not complete, the third drops what it no longer names.
ALLEATO = {
    "2006-11-01_a/alleato.csv": (
        rows(
            PROJECTS,
            """
            1 | Blijft              |  | Baarn                |  | P4       | loopt    | 01-05-2006 |            | 40
            2 | Verdwijnt           |  | Soest                |  | P4       |          | 01-03-2006 | 31-12-2008 |
            3 | Verdwijnt zonder dag|  | Eemnes               |  | P2       |          |            |            |
            4 | Verhuist            |  | Zeist                |  | P3a      | loopt    | 01-06-2006 |            |
            5 | Alleen in de eerste |  | Utrecht-West         |  | P1       | gepland  |            |            |
            """,
        ),
        card("S6", "example", "2006-11-01", True),
    ),
    "2007-04-01_a/alleato.csv": (
        rows(
            PROJECTS,
            """
            2 | Verdwijnt           |  | Soest                |  | P4       | loopt    | 01-04-2006 | 31-12-2008 |
            6 | Later begonnen      |  | Houten; Nieuwegein   |  | P3; P3b  |          | 01-02-2007 |            | 75
            7 | Gepland met een dag |  | Bunnik               |  | P2       | gepland  | 01-03-2007 |            |
            """,
        ),
        card("S6", "example", "2007-04-01"),
    ),
    "2007-10-01_a/alleato.csv": (
        rows(
            PROJECTS,
            """
            1 | Blijft              |  | Baarn                |  | P4       | afgerond | 01-05-2006 |            | 45
            4 | Verhuist            |  | De Bilt              |  | P3b      | loopt    | 01-07-2006 |            |
            6 | Later begonnen      |  | Houten; Nieuwegein   |  | P3; P3b  | loopt    | 01-02-2007 |            | 75
            8 | Afgerond zonder dag |  | Rhenen               |  | P5       | afgerond |            |            |
            """,
        ),
        card("S6", "example", "2007-10-01", True),
    ),
}
# What was received silences the examples of the same source, before its own date too.
LOKAAL = {
    "2006-11-01_b/lokaal.csv": (
        rows(PROJECTS, "V | Verzonnen | | Vianen | | P1 | loopt | 01-01-2006"),
        card("S1", "example", "2006-11-01", True),
    ),
    "2007-02-01_b/lokaal.csv": (
        rows(
            PROJECTS,
            """
            1 | Raad                |  | Amersfoort           |  | P1       | loopt    | 01-01-2007 | 31-12-2009 | 10
            2 | Panel               |  | Maarssen             |  | P1; M3   | loopt    | 01-01-2006 |            |
            3 | Alleen gemeentelijk |  | Leusden              |  | M3a      |          | 2006       |            |
            4 | Niet bekend waar    |  | Verweggistan         |  | P9       |          | 01-01-2007 |            |
            """,
        ),
        card("S1", "received", "2007-02-01", True),
    ),
    "2008-02-01_b/lokaal.csv": (
        rows(
            PROJECTS,
            """
            1 | Raad                |  | Amersfoort en Baarn  |  | P1       | loopt    | 01-01-2007 | 31-12-2009 | 20
            3 | Alleen gemeentelijk |  | Leusden              |  | M3a; P8  |          | 2006       |            |
            """,
        ),
        card("S1", "received", "2008-02-01", True),
    ),
}
# One project over four bases: each field from the strongest row that states it.
CHAIN = {
    "2006-11-30_c/brief.csv": (
        rows(
            PROJECTS,
            """
            L | Volgens de brief    |  |                      |  |          |          |            |            |
            N | Nog niet toegewezen |  | nog niet toegewezen  |  | P4       |          |            |            |
            U | Akkoord             |  | Utrecht-West         |  | P0       |          |            |            |
            """,
        ),
        card("S7", "letter", "2006-11-30"),
    ),
    "2006-12-21_c/bron.csv": (
        rows(
            PROJECTS,
            """
            D | Volgens een bron    |  | Soest                |  |          |          | 01-02-2006 |            |
            G | Gewest en gemeente  |  | gewest Eemland; Zeist|  | P5       |          | 01-07-2006 | 30-06-2009 |
            W | Voorgeselecteerd    |  | Maarssen             |  | P5       | voorgeselecteerd | |           |
            """,
        ),
        card("S3", "documented", "2006-12-21", same_as=same(D="S7-L")),
    ),
    "2007-03-01_c/ontvangen.csv": (
        rows(
            PROJECTS,
            """
            R | Volgens ontvangst   |  | Bunnik               |  | P4       | loopt    | 01-03-2006 | 30-09-2008 | 60
            P | Provinciebreed      |  | hele provincie       |  | P6       | loopt    | 01-01-2007 |            |
            A | Afgewezen           |  | Woerden              |  | P2       | afgewezen|            |            |
            """,
        ),
        card("S5", "received", "2007-03-01", same_as=same(R="S3-D")),
    ),
    "2008-01-15_c/ontvangen.csv": (
        rows(PROJECTS, "P | Provinciebreed | | hele provincie | | P6; P3a | loopt | 01-01-2007 | 31-12-2008"),
        card("S5", "received", "2008-01-15", True),
    ),
    "2007-10-01_c/voorbeeld.csv": (
        rows(
            PROJECTS,
            """
            E | Volgens een voorbeeld | | Zeist               |  | P2       | loopt    | 01-03-2007 | 31-12-2007 | 80
            U | Akkoord, voorbeeld    | | Utrecht-West        |  | P0       | loopt    | 01-12-2006 |            | 150
            """,
        ),
        card("S4", "example", "2007-10-01", same_as=same(E="S5-R", U="S7-U")),
    ),
}
# Shares, an excluded theme beside others, places outside, one theme over two levels.
SHARES = {
    "2007-05-01_d/agenda.csv": (
        rows(
            [*PROJECTS, "asked", "granted", "settled", "amount_date"],
            """
            1 | Drie delen | | Baarn; Zeist; Soest | 0,33; 0,33; 0,34 | P3; P3b | loopt | 01-01-2007 | |  | 1000 | 900,01 |
            2 | Een regio | | Baarn; Soest | 0,5; 0,5 | P4; P5 | loopt | 01-01-2007 | |  | 500,01 | | 250,01 | 01-06-2007
            3 | Jeugd | | Soest | | P8 | loopt | 01-01-2007 | |  | | 700 | |
            4 | Jeugd en M | | Houten | | P8; M3 | loopt | 01-01-2007 | |  | | 50 | | 01-02-2007
            5 | Jeugd en P4 | | Houten | | P8; P4 | loopt | 01-01-2007 | |  | | 60 | 0 | 01-02-2007
            6 | Jeugd, onbekend | | Veenendaal | | P8; P9 | loopt | 01-01-2007 | |  | | 70 | |
            7 | Deels buiten | | Baarn, Soest en Ede | | P2 | loopt | 01-01-2007 | |  | | 80 | |
            8 | Buiten | | Ede | | P2 | loopt | 01-01-2007 | |  | | 90 | |
            9 | Teruggeboekt | | Baarn; Zeist | 0,5; 0,5 | P2; M4a | loopt | 01-01-2007 | |  | | -100,01 | |
            10 | Mantelzorg | | Lopik | | P3b | loopt | 01-01-2007 | |  | |  | |
            11 | Zorg | | Lopik; Vianen | | P3 | loopt | 01-01-2007 | |  | |  | |
            12 | Vrijwilligers | | Oudewater | | P3a; P3b | loopt | 01-01-2007 | |  | |  | |
            13 | Ingetrokken | | Lopik | | P3b | ingetrokken | |  | | 300 | 200 | 20 | 01-03-2007
            14 | Nieuw lid | | Maarssen | | P5 | loopt | 15-12-2010 | |  | | 400 | |
            15 | Negen leden | | Utrecht-West | | P5 | loopt | 15-12-2010 | |  | | 410 | |
            16 | Te veel | | Utrecht | | P6 | gepland | |  | |  | 340.000 | | 01-01-2009
            """,
        ),
        card("S4", "example", "2007-05-01", credit="FPK2006"),
    ),
}
# Bookings on projects of other lists; the newest is complete and drops some; amounts on and off the credit.
CREDIT = {
    "2007-03-15_e/krediet.csv": (
        rows(
            MONEY,
            """
            K1 | Makelaar   | Woudenberg | P3b | loopt | 01-05-2006 | 2700 | 2600 |  | 03-04-2007 |
            K2 | Bij Blijft |            |     |       |            | 100  | 90   |  | 01-02-2007 | S6-1
            K3 | Bij Jeugd  |            |     |       |            | 110  | 95   |  | 01-02-2007 | S4-3
            K4 | Bij Verdwijnt |         |     |       |            | 120  | 96   | 0 | 01-02-2007 | S6-2
            K4 | Bij Verdwijnt |         |     |       |            |      | 4    |  | 01-03-2007 | S6-2
            """,
        ),
        card("X2", "example", "2007-03-15", credit="FPK2006"),
    ),
    "2007-11-01_e/krediet.csv": (
        rows(
            MONEY,
            """
            K1 | Makelaar   | Woudenberg | P3b | loopt | 01-05-2006 | 2700 | 2600 | 2500 | 20-10-2007 |
            K2 | Bij Blijft |            |     |       |            | 100  | 90   |      |            | S6-1
            """,
        ),
        card("X2", "example", "2007-11-01", True, credit="FPK2006"),
    ),
    "2007-06-01_e/thuis.csv": (
        rows(
            MONEY,
            """
            T1 | Domotica       | Abcoude | P5; P2 | loopt | 01-01-2007 | 15 | 12 |   |            |
            T2 | Ook in Alleato | De Bilt | P5     | loopt | 01-09-2006 | 5  | 4  | 3 | 01-05-2007 | S6-4
            T3 | Als agenda     | Soest   | P4     | loopt | 01-01-2008 | 5  | 6  |   |            | S4-3
            """,
        ),
        card("S3", "example", "2007-06-01", True),
    ),
}
# One card for several sources.
MIXED = {
    "2007-02-15_f/bestand.csv": (
        rows(
            PROJECTS,
            """
            B1 | Buren     | S2 | Rhenen     | | P4 | loopt | 01-01-2007 | | 30
            B2 | Wijk      | S7 | Renswoude  | | P5 | loopt | 01-01-2007 | |
            B3 | Zonder    |    | Wijk bij Duurstede | | P6 | loopt | 01-01-2007 | |
            """,
        ),
        card("X0", "example", "2007-02-15", True),
    ),
    "2007-12-15_f/bestand.csv": (
        rows(
            PROJECTS,
            """
            B1 | Buren     | S2 | Rhenen     | | P4 | loopt | 01-02-2007 | | 35
            B4 | Nieuw     | S7 | Renswoude  | | P5 | loopt | 01-11-2007 | |
            """,
        ),
        card("X0", "example", "2007-12-15", True),
    ),
}
GESPREK = {"rows": ["conversations"]}
TALK_LISTS = {
    "2006-11-15_g/gesprek.csv": (
        rows(
            TALKS,
            """
            Baarn      | 1 | 01-09-2006 | 01-10-2006 | 15-10-2006 | 20-10-2006 | 01-11-2006 | | |
            Soest      | 1 | 01-09-2006 | | | | | | | 01-11-2006
            Zeist      | 2 | 01-10-2006 | | | | | | |
            Houten     | 2 | | | | | | | |
            Eemnes     | 3 | | | | | | | |
            Abcoude    | 2 | 01-10-2006 | 01-11-2006 | | | | | |
            """,
        ),
        card("S2", "example", "2006-11-15", True) | GESPREK,
    ),
    "2007-09-15_g/gesprek.csv": (
        rows(
            TALKS,
            """
            Baarn      | 1 | 01-09-2006 | 01-10-2006 | 15-10-2006 | 20-10-2006 | 01-11-2006 | 01-01-2007 | 30-06-2007 |
            Zeist      | 2 | 01-10-2006 | 01-12-2006 | 01-03-2007 | 01-03-2007 | 15-04-2007 | | |
            Houten     | 2 | 01-12-2006 | 01-02-2007 | 01-03-2007 | | | | | 01-05-2007
            Eemnes     | 3 | februari 2007 | | | | | | |
            Abcoude    | 2 | 01-10-2006 | 01-11-2006 | | | | | |
            Abcoude    | 3 | 01-05-2007 | 01-06-2007 | 01-07-2007 | 01-07-2007 | 15-07-2007 | 01-09-2007 | |
            Lopik      | 3 | | | | | | 01-06-2007 | |
            """,
        ),
        card("S2", "example", "2007-09-15", True) | GESPREK,
    ),
    "2007-10-05_g/gesprek.csv": (
        rows(
            TALKS,
            "Vianen | 3 | 01-10-2007\nEemnes | 3 | 01-02-2007 | 01-03-2007 | 01-07-2007 | 01-07-2007 | 02-07-2007",
        ),
        card("S2", "example", "2007-10-05") | GESPREK,
    ),
    "2007-01-10_g/bron.csv": (
        rows(TALKS, "Soest | 2 | 15-12-2006 | 05-01-2007\nBunnik | 1 | 01-11-2006"),
        card("S6", "documented", "2007-01-10") | GESPREK,
    ),
    "2006-11-30_g/claims.csv": (
        rows(
            CLAIMS,
            """
            C1 | 30-11-2006 | Drie rondes       | 3      | rondes    | rounds.count
            C2 | 30-11-2006 | Ronde 1: 12       | 2      | gemeenten | rounds.size:1
            C3 | 30-11-2006 | Akkoord           | 1      | gemeenten | rounds.reached:1:agreed
            C4 | 30-11-2006 | Gesprek           | 1      | gemeenten | rounds.now:2:talk
            C5 | 30-11-2006 | Proeftuinen       | 3      | projecten | projects.source:S7
            C6 | 30-11-2006 | Niet toegewezen   | 1      | projecten | projects.placement:unassigned
            C7 | 30-11-2006 | Een zevende       | ca. 14,3 | %       | rounds.share::agreed
            """,
        ),
        card("S2", "letter", "2006-11-30", rows=["claims"]),
    ),
    "2007-10-09_g/claims.csv": (
        rows(
            CLAIMS,
            """
            C8 | 09-10-2007 | Akkoord           | 5      | gemeenten | rounds.reached::agreed
            C9 | 09-10-2007 | Tweede contact    | 2      | gemeenten | rounds.now::second_contact
            C3 | 30-11-2006 | Akkoord, hersteld | 2      | gemeenten | rounds.reached:1:agreed
            """,
        ),
        card("S2", "letter", "2007-10-09", rows=["claims"]),
    ),
}
LISTS = ALLEATO | LOKAAL | CHAIN | SHARES | CREDIT | MIXED | TALK_LISTS

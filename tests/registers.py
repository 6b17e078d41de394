"""Thirty registers of Europe, each a few lines of text: what a column is called, how its cells are made and what it is.

    for register in registers(HALF):
        register.write(folder); register.columns

Everything in them is invented; headers, notations and mess are those of real registers. `registers_apart.py` holds thirty
more, which no guess was tuned on: tests/test_registers.py says how often each half comes out right.

A line is `header | roles | maker`; a header `Grant // asked` stands in two rows. Roles of which each is right are joined
by `/`; `-` is not used. A line `# name format language rows options` opens a register, `= text` is a line above its header.
"""

import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path

from conftest import as_csv, as_xlsx
from layouts import Column, two_rows

from wmo_analysis.schema import CHOICES

DUTCH = ["Amersfoort", "Baarn", "De Bilt", "Houten", "Nieuwegein", "Soest", "Utrecht", "Veenendaal", "Woerden", "Zeist"]
TOWNS = {
    "nl": ["Almelo", "Breda", "Delft", "Gouda", "Utrecht", "Zwolle"],
    "en": ["Bristol", "Leeds", "Norwich", "Truro", "York"],
    "de": ["Bonn", "Köln", "Leipzig", "Münster", "Ulm"],
    "fr": ["Angers", "Brest", "Lyon", "Nîmes", "Tours"],
    "es": ["Burgos", "Cádiz", "León", "Soria", "Vigo"],
    "it": ["Bari", "Lecce", "Parma", "Siena", "Torino"],
    "pt": ["Braga", "Évora", "Faro", "Porto", "Viseu"],
    "pl": ["Gdynia", "Kraków", "Łódź", "Opole", "Toruń"],
    "sv": ["Gävle", "Lund", "Umeå", "Växjö", "Örebro"],
    "da": ["Aalborg", "Esbjerg", "Odense", "Ribe", "Vejle"],
    "cs": ["Brno", "Jihlava", "Liberec", "Plzeň", "Zlín"],
}
WORDS = {
    "nl": "zorg buurt wonen ouderen jeugd vrijwilligers welzijn ontmoeting steun samen wijk thuis".split(),
    "en": "care community housing elderly youth volunteers skills support together local work home".split(),
    "de": "Pflege Quartier Wohnen Senioren Jugend Ehrenamt Bildung Hilfe gemeinsam Teilhabe Arbeit".split(),
    "fr": "accueil quartier logement seniors jeunesse insertion soutien ensemble emploi atelier santé".split(),
    "es": "cuidados barrio vivienda mayores juventud empleo apoyo juntos formación taller salud".split(),
    "it": "cura quartiere casa anziani giovani lavoro sostegno insieme formazione percorso salute".split(),
    "pt": "cuidados bairro habitação idosos jovens emprego apoio juntos formação oficina saúde".split(),
    "pl": "opieka osiedle mieszkania seniorzy młodzież praca wsparcie razem szkolenia zdrowie".split(),
    "sv": "omsorg kvarter bostad äldre ungdom arbete stöd tillsammans utbildning hälsa".split(),
    "da": "omsorg kvarter bolig ældre unge arbejde støtte sammen uddannelse sundhed".split(),
    "cs": "péče čtvrť bydlení senioři mládež práce podpora společně vzdělávání zdraví".split(),
}
STATES = {
    "nl": ["verleend", "vastgesteld", "ingetrokken", "afgewezen"],
    "en": ["Active", "Closed", "Withdrawn", "Rejected"],
    "de": ["bewilligt", "abgeschlossen", "laufend", "abgelehnt"],
    "fr": ["en cours", "soldé", "abandonné", "programmé"],
    "es": ["en ejecución", "finalizado", "denegado"],
    "it": ["in corso", "concluso", "liquidato"],
    "pt": ["em execução", "concluído", "anulado"],
    "pl": ["w realizacji", "zakończony", "rozwiązany"],
    "sv": ["pågående", "avslutat", "avslag"],
    "da": ["igangværende", "afsluttet", "afslag"],
    "cs": ["v realizaci", "ukončen", "zamítnut"],
}
ROLES = {
    "t": "title", "k": "key", "g": "granted", "a": "asked", "s": "settled", "x": "amount", "kind": "kind",
    "m": "municipality", "b": "start", "e": "end", "d": "amount_date", "st": "status", "th": "theme", "so": "scheme",
    "r": "remarks", "c": "contact", "ro": "round", "h": "hours", "tg": "target", "tu": "target_unit", "u": "unit", "-": "",
}  # fmt: skip
AMOUNTS = set(
    "euro cents round k mln dutch plain dotted pound english_euro point german french spaced zloty krona".split()
)
assert set(ROLES.values()) <= set(CHOICES)


@dataclass(frozen=True)
class Register:
    """A list and the truth about its columns, see layouts.Column."""

    name: str
    language: str
    columns: tuple[Column, ...]
    money: frozenset[int]  # positions of columns with amounts, also of those that are not used
    suffix: str
    data: bytes

    def write(self, folder: Path) -> Path:
        path = folder / f"{self.name}.{self.suffix}"
        path.write_bytes(self.data)
        return path


class Maker:
    """Makes the cells of one row: `cell("euro")`. The same seed gives the same row."""

    def __init__(self, seed: str, number: int, language: str):
        self.chance, self.number, self.language = random.Random(f"{seed} {number}"), number, language
        self.money = self.chance.choice([5, 12, 48, 150, 730]) * 1000 + self.chance.randrange(1, 999)
        self.cents = self.chance.randrange(100)
        self.begin = dt.date(
            self.chance.choice([2005, 2006, 2007]), self.chance.randrange(1, 13), self.chance.choice([1, 15, 20])
        )
        self.title = f"{self.words(self.chance.randrange(2, 5)).capitalize()} {self.chance.randrange(100, 999)}"

    def words(self, count: int, language: str = "") -> str:
        return " ".join(self.chance.sample(WORDS[language or self.language], count))

    def amount(self, pattern: str, thousand: str = "", decimal: str = ",") -> str:
        text = f"{round(self.money * self.chance.choice([1, 0.8, 0.5])):,}.{self.cents:02}"
        return pattern.format(text.replace(".", "!").replace(",", thousand).replace("!", decimal))

    def cell(self, kind: str):
        """One cell. What `kind` means stands in `_cell`; `kind%30` is filled in 30 % of the rows."""
        kind, _, share = kind.partition("%")
        if share and self.chance.random() > int(share) / 100:
            return ""
        return self._cell(kind)

    def _cell(self, kind: str):
        pick, number = self.chance.choice, self.number
        if kind.startswith("'"):
            return kind[1:]
        if kind.startswith("["):
            return pick(kind[1:-1].split(";"))
        end = self.begin + dt.timedelta(pick([180, 364, 729]))
        decided = self.begin - dt.timedelta(pick([20, 55, 90]))
        return {
            # names and texts
            "title": self.title, "english": self.words(3, "en").capitalize(), "text": f"{self.words(5)}. {self.words(6)}.",
            "body": f"{pick(['Stichting', 'Association', 'Verein', 'Fundacja', 'Centro'])} {self.words(2).title()}",
            "person": pick(["A. Voorbeeld", "B. Verzonnen", "C. Fictief", "D. Proef"]),
            "mail": f"info{number}@voorbeeld.nl", "phone": f"030-00000{number:02}", "url": f"https://voorbeeld.nl/{number}",
            "street": f"Voorbeeldstraat {number}", "note": pick(["", "", "zie brief", "deels", "onder voorbehoud"]),
            "theme": pick(WORDS[self.language][:4]).capitalize(), "state": pick(STATES[self.language]),
            "nl": pick(DUTCH), "town": pick(TOWNS[self.language]), "gemeente": f"Gemeente {pick(DUTCH)}",
            # keys and numbers that are no money
            "nr": number, "id": f"P-{self.begin.year}-{number:04}", "digits": 1_023_400 + 7 * number,
            "eu": f"2014{self.language.upper()}16RFOP002-{number:03}", "postcode": f"{3500 + number} AB",
            "zip": 41_000 + 137 * number,
            "nuts": f"{self.language.upper()}{pick([21, 22, 31])}", "count": pick([3, 12, 40]),
            "percent": pick([40, 50, 75]), "percents": f"{pick([40, 50, 75])} %", "score": pick([55, 61, 78, 90]),
            "hours": pick([40, 80, 120, 250]),
            # money
            "euro": round(self.money * pick([1, 0.8, 0.5])), "cents": self.money + self.cents / 100,
            "round": round(self.money, -3), "k": round(self.money / 1000, 1), "mln": round(self.money / 1e6, 2),
            "dutch": self.amount("€ {}", "."), "plain": self.amount("{}"),
            "dotted": self.amount("{}", ".", "!").partition("!")[0],
            "pound": self.amount("£{}", ",", "."), "english_euro": self.amount("€{}", ",", "."),
            "point": self.amount("{}", "", "."),
            "german": self.amount("{} €", "."), "french": self.amount("{} €", " "), "spaced": self.amount("{}", " "),
            "zloty": self.amount("{} zł", " "), "krona": self.amount("{} kr", " ").replace(f",{self.cents:02}", ""),
            # days
            "begin": f"{self.begin:%d-%m-%Y}", "end": f"{end:%d-%m-%Y}", "decided": f"{decided:%d-%m-%Y}",
            "begin.": f"{self.begin:%d.%m.%Y}", "end.": f"{end:%d.%m.%Y}", "decided.": f"{decided:%d.%m.%Y}",
            "begin/": f"{self.begin:%d/%m/%Y}", "end/": f"{end:%d/%m/%Y}", "decided/": f"{decided:%d/%m/%Y}",
            "beginiso": str(self.begin), "endiso": str(end), "decidediso": str(decided),
            "begindate": self.begin, "enddate": end, "decideddate": decided, "year": self.begin.year, "endyear": end.year,
        }[kind]  # fmt: skip


def registers(text: str) -> list[Register]:
    """The registers of a text."""
    return [_register(part) for part in text.strip().removeprefix("# ").split("\n# ")]


def _register(text: str) -> Register:
    first, *lines = text.strip().splitlines()
    name, suffix, language, count, *options = first.split()
    above = [line.removeprefix("=").strip().split(";") for line in lines if line.startswith("=")]
    cells = [line.split(" | ") for line in lines if not line.startswith("=")]
    headers = [header.strip().replace("\\n", "\n") for header, _, _ in cells]
    makers = [maker.strip() for _, _, maker in cells]
    truth = []
    for at, (_, roles, _) in enumerate(cells):
        text = " ".join(headers[at].replace(" // ", " ").split())
        truth.append(Column(at, text, frozenset(map(ROLES.get, roles.strip().split("/")))))
    rows = []
    for number in range(1, int(count) + 1):
        row = Maker(name, number, language)
        rows.append([row.cell(maker) for maker in makers])
    money = frozenset(at for at, maker in enumerate(makers) if maker.partition("%")[0] in AMOUNTS)
    head, merged = [headers], []
    if any(" // " in header for header in headers):
        head, merged = two_rows([header.replace(" // ", " | ") for header in headers], at=len(above))
    width = len(headers)
    grid = [*([*line, *[""] * (width - len(line))] for line in above), *head, *rows]
    for option in options:
        if option.startswith("total="):
            word, at = option.removeprefix("total=").split("@")
            grid.append(["" if column != int(at) else word.replace("_", " ") for column in range(width)])
            for column, maker in enumerate(makers):
                if maker in ("euro", "round", "cents", "k"):
                    grid[-1][column] = sum(row[column] for row in rows)
    if suffix == "xlsx":
        return Register(
            name,
            language,
            tuple(truth),
            money,
            suffix,
            as_xlsx(grid, [each for each in merged if each[:2] != each[2:]]),
        )
    return Register(
        name, language, tuple(truth), money, suffix, as_csv(grid, delimiter="," if "comma" in options else ";")
    )


HALF = """
# cohesion_en csv en 24 comma
Beneficiary name | - | body
Operation name | t | title
Operation summary | r/- | text
Operation start date | b | begin/
Operation end date | e | end/
Total eligible expenditure | - | point
Union co-financing rate | - | percents
Operation postcode | -/c | postcode
Country | - | 'UK
Name of category of intervention | -/th | theme
Date of last update | - | '01/12/2007
# cohesion_de xlsx de 26
= Verzeichnis der Begünstigten EFRE 2007-2013;Stand: 31.12.2007
Name des Begünstigten | - | body
Bezeichnung des Vorhabens | t | title
Zusammenfassung des Vorhabens | r/- | text
Beginn des Vorhabens | b | begin.
Ende des Vorhabens | e | end.
Förderfähige Gesamtausgaben in EUR | - | cents
Bewilligter Zuschuss in EUR | g | cents
Kofinanzierungssatz | - | percents
PLZ | -/c | zip
Ort | m | town
Land | - | 'DE
Interventionskategorie | -/th | theme
# cohesion_fr csv fr 25
Nom du bénéficiaire | - | body
Intitulé du projet | t | title
Résumé de l'opération | r/- | text
Date de début | b | begin/
Date de fin | e | end/
Coût total éligible | - | french
Montant UE programmé | g | french
Taux de cofinancement | - | percents
Code postal | -/c | zip
Commune | m | town
Thématique | th | theme
# cohesion_es csv es 25
Nombre del beneficiario | - | body
Nombre de la operación | t | title
Resumen de la operación | r/- | text
Fecha de inicio | b | begin/
Fecha de finalización | e | end/
Gasto total subvencionable | - | german
Ayuda concedida | g | german
Tasa de cofinanciación | - | percents
Código postal | -/c | zip
Municipio | m | town
País | - | 'España
# cohesion_it xlsx it 24
Codice progetto | k | id
Titolo progetto | t | title
Beneficiario | - | body
Data inizio | b | begin/
Data fine | e | end/
Costo totale ammesso | - | euro
Contributo concesso | g | euro
Pagamenti | -/s | euro
Comune | m | town
Tema | th | theme
Stato | st | state
# cohesion_pl csv pl 24
Tytuł projektu | t | title
Numer umowy | k | id
Nazwa beneficjenta | - | body
Program | so/th | [POKL;POIG]
Wartość projektu (w zł) | - | spaced
Wydatki kwalifikowalne (w zł) | - | spaced
Wartość unijnego dofinansowania (w zł) | g | spaced
Poziom dofinansowania | - | percents
Miejscowość | m | town
Data rozpoczęcia realizacji | b | beginiso
Data zakończenia realizacji | e | endiso
# grants360 csv en 30 comma
Identifier | k | id
Title | t | title
Description | r/- | text
Currency | -/u | 'EUR
Amount Applied For | a | point
Amount Awarded | g | point
Amount Disbursed | s/- | point
Award Date | d | decidediso
Planned Dates:Start Date | b | beginiso
Planned Dates:End Date | e | endiso
Recipient Org:Name | - | body
Recipient Org:City | m/- | nl
Funding Org:Name | -/so | 'Voorbeeldfonds
Grant Programme:Title | so/th/- | theme
Last modified | - | '2007-12-01T00:00:00Z
# cordis csv en 28
id | k | digits
acronym | -/t | id
status | st | state
programme | so/th/- | [FP6;FP7]
topics | th/- | theme
title | t | title
startDate | b | beginiso
endDate | e | endiso
totalCost | - | point
ecMaxContribution | g | point
call | ro/- | [FP7-2007-1;FP7-2007-2]
fundingScheme | so/th/- | [CP;CSA]
coordinator | -/c | body
coordinatorCountry | - | 'NL
objective | r/- | text
# municipal_nl xlsx nl 28 total=TOTAAL@2
= Subsidieregister gemeente Voorbeeld 2007
=
Zaaknummer | k | digits
Aanvrager | - | body
Omschrijving subsidie | t | title
Regeling | so/- | [Asv;Nadere regels welzijn]
Soort subsidie | - | [eenmalig;jaarlijks]
Aangevraagd bedrag | a | euro
Verleend bedrag | g | euro
Vastgesteld bedrag | s | euro
Datum verlening | d/- | decideddate
Gemeente | m | nl
# municipal_two_rows xlsx nl 24
= Overzicht projecten maatschappelijke ondersteuning
Nr. | k | nr
Project | t | title
Kern | m/- | nl
Subsidie (in €) // aangevraagd | a | euro
Subsidie (in €) // verleend | g | euro
Subsidie (in €) // vastgesteld | s | euro%50
Looptijd // van | b | begindate
Looptijd // tot en met | e | enddate
Contact // naam | c | person
Contact // e-mail | c | mail
# thousands_nl xlsx nl 22
= Bijlage 3: toegekende middelen;(bedragen x € 1.000)
Programma | so/th | [Sociaal;Wonen]
Project | t | title
Gemeente | m | nl
Begroot | - | k
Toegekend | g | k
Gerealiseerd | s/- | k
Restant | - | k
# whole_euros_nl csv nl 26
Dossier | k | id
Naam project | t | title
Plaats | m | nl
Bijdrage | g | dotted
Totale projectkosten | - | dotted
Eigen bijdrage | - | dotted
Jaar | b/-/d | year
# headless_amount_nl csv nl 24
Kenmerk | k | id
Activiteit | t | title
Gemeente | m | nl
2006 | g/- | dutch
2007 | g/- | dutch
# keys_like_phones csv nl 24
Zaak | k | [0344123410;0344123411;0344123412;0344123413;0344123414;0344123415;0344123416;0344123417;0344123418]
Projectnaam | t | title
Gemeente | m | nl
Subsidiebedrag | g | dutch
Besluitdatum | d/- | decided
# bilingual_nl_en xlsx nl 26
Projectnummer     Project number | k | id
Naam begunstigde     Beneficiary | - | body
Naam project     Operation name | t | title
Locatie     Location | m | nl
Startdatum     Start date | b | begindate
Einddatum     End date | e | enddate
Subsidie toegekend     Grant approved | g | cents
Subsidiabele kosten     Eligible expenditure | - | cents
Status     State | st | state
# bilingual_titles csv en 25 comma
Project ID | k | id
Title (native) | t | title
Title (English) | -/t | english%22
Organisation | - | body
Town | m | town
Grant amount (EUR) | g | point
Start | b | beginiso
End | e | endiso
# foundation_de csv de 24
Förderjahr | -/b/d | year
Antragsteller | - | body
Projekttitel | t | title
Förderbereich | th | theme
Beantragte Summe | a | german
Bewilligte Summe | g | german
Ort | m | town
Laufzeit von | b | begin.
Laufzeit bis | e | end.
# zuwendungen_de xlsx de 26 total=Summe@1
= Zuwendungsbericht 2007
Lfd. Nr. | k/- | nr
Zuwendungsempfänger | - | body
Zuwendungszweck | t | title
Anschrift | -/c | street
Betrag in € | g | euro
Jahr | -/b/d | year
Politikfeld | th | theme
# associations_fr xlsx fr 28 total=Total_Général@0
= Subventions versées aux associations;exercice 2007
N° dossier | k | id
Association | - | body
Objet de la subvention | t | title
Montant demandé | a | euro
Montant accordé | g | euro
Date de décision | d/- | decideddate
Secteur d'activité | th | theme
Ville | m | town
# fondation_fr csv fr 22
Année | -/b/d | year
Organisme | - | body
Projet | t | title
Description | r/- | text
Subvention attribuée (€) | g | french
Lieu | m | town
Durée (mois) | - | count
Site internet | - | url
# subvenciones_es csv es 26
Expediente | k | id
Entidad solicitante | - | body
CIF | - | id
Título del proyecto | t | title
Importe solicitado | a | german
Importe concedido | g | german
Convocatoria | ro/so/- | [2006;2007]
Localidad | m | town
Estado | st | state
# contributi_it csv it 24
N. pratica | k | id
Soggetto beneficiario | - | body
Oggetto | t | title
Importo richiesto | a | german
Importo erogato | s/- | german
Importo assegnato | g | german
Data provvedimento | d/- | decided/
Località | m | town
# apoios_pt csv pt 26
Código da operação | k | id
Designação da operação | t | title
Nome do beneficiário | - | body
Concelho | m | town
Data de início | b | begin/
Data de conclusão | e | end/
Custo total elegível | - | german
Fundo comunitário aprovado | g | german
Taxa de cofinanciamento | - | percents
# bidrag_sv csv sv 24
Diarienummer | k | id
Projektnamn | t | title
Organisation | - | body
Kommun | m | town
Sökt belopp | a | krona
Beviljat belopp | g | krona
Startdatum | b | beginiso
Slutdatum | e | endiso
Status | st | state
# tilskud_da csv da 24
Journalnummer | k | id
Projekttitel | t | title
Tilskudsmodtager | - | body
Kommune | m | town
Ansøgt beløb | a | german
Bevilget beløb | g | german
Udbetalt beløb | s/- | german
Startdato | b | begin
Slutdato | e | end
# dotace_cs csv cs 24
Registrační číslo projektu | k | id
Název projektu | t | title
Příjemce | - | body
Obec | m | town
Datum zahájení | b | begin.
Datum ukončení | e | end.
Celkové náklady | - | spaced
Požadovaná částka | a | spaced
Schválená částka | g | spaced
Stav | st | state
# esf_mixed xlsx nl 26
Projectcode / Project code | k | eu
Begunstigde / Beneficiary | - | body
Projecttitel / Project title | t | title
Samenvatting / Summary | r/- | text
Uitvoeringsplaats / Location | m | nl
ESF-bijdrage / ESF contribution | g | euro
Cofinanciering / Co-financing | - | euro
Totaal / Total | - | euro
# bookings_en csv en 30 comma
Transaction date | d/-/b | decidediso
Reference | k | [G-01;G-02;G-03;G-04;G-05;G-06;G-07;G-08]
Project | t | title
Type of amount | kind | [requested;granted;settled]
Amount | x/g | point
Area | m | nl
Officer | c/- | person
# ministry_en xlsx en 26
= Grants register 2006-07;;Published 1 July 2007
Scheme name | so/th/- | [Local Fund;Care Fund]
Recipient | - | body
Purpose of grant | t | title
Local authority | m | nl
Grant value (£) | g/- | euro
Date awarded | d/- | decideddate
Duration (months) | - | count
Postcode | -/c | postcode
# without_language csv nl 26
Nr | k/- | id
A | t/- | title
B | m | nl
EUR | g | dutch
% | - | percents
Van | b | begin
T/m | e | end
Tel. | c | phone
"""

"""The fictional ministry as data: its units, seats and who leads whom. No database, no dates."""

from collections.abc import Iterator
from dataclasses import dataclass

from lms.organisation.models import OrgUnit

NAME = "Ministry of Community Services"
SHORT_NAME = "MCS"
ROOT = "MCS"
JURISDICTIONS = ("ZA", "NG")
WHY_THESE = "ZA for its code of conduct, NG for the model of its integrity unit"
EMPLOYERS = {"mcs": NAME, "linkline": "Linkline Contact Services"}
EMPLOYER, CONTRACTOR = EMPLOYERS

CATEGORIES = {
    "P01": "Head of ministry or director",
    "P02": "Regional manager",
    "P03": "Office supervisor",
    "P04": "Customer-care manager (head office)",
    "P05": "Customer Care Officer (regional)",
    "P06": "Customer Care Assistant",
    "P07": "Service officer",
    "P08": "Call-centre or after-hours agent",
    "P09": "Call-centre supervisor",
    "P10": "Records or admin clerk",
    "P11": "Cashier or revenue clerk",
    "P12": "Procurement officer",
    "P13": "Greeter, reception or guard",
    "P14": "HR or training coordinator",
    "P15": "Integrity secretary or ethics officer",
}
TAGS = {"cash": "Handles cash", "records": "Keeps records", "procurement": "Buys", "supervisory": "Supervises"}
TAGS_OF = {
    "P02": ("supervisory",),
    "P03": ("supervisory",),
    "P04": ("supervisory",),
    "P09": ("supervisory",),
    "P10": ("records",),
    "P11": ("cash",),
    "P12": ("procurement",),
}

# Local offices of each region: large, medium, small.
REGIONS: dict[str, tuple[str, dict[str, list[str]]]] = {
    "NG": (
        "Northgate",
        {
            "L": ["Northgate Central", "Amberley"],
            "M": ["Dunmore", "Felsted", "Kestrel Park", "Orrin"],
            "S": ["Pell", "Quarry Hill", "Tarn"],
        },
    ),
    "RL": (
        "Riverlands",
        {
            "L": ["Riverbend"],
            "M": ["Ashford Mill", "Brackwater", "Lowbridge", "Wending"],
            "S": ["Eddy", "Ferry Point", "Marsh End"],
        },
    ),
    "SC": (
        "Saltcoast",
        {
            "L": ["Saltport", "Harbour Street"],
            "M": ["Cliffside", "Dunes", "Lantern Bay"],
            "S": ["Gull Rock", "Netters", "Shoal"],
        },
    ),
    "GH": (
        "Greenhills",
        {
            "L": ["Greenhills Town"],
            "M": ["Cedar Gap", "Fern Valley", "Upland"],
            "S": ["Heather", "Mossy Ford", "Stile"],
        },
    ),
    "ME": (
        "Metro East",
        {"L": ["Eastmarket", "Kingsway"], "M": ["Depot Road", "Lyric", "Tanners"], "S": ["Alder", "Copper Lane"]},
    ),
    "MW": ("Metro West", {"L": ["Westgate", "Stadium"], "M": ["Foundry", "Grove", "Pinnacle"], "S": ["Weir"]}),
}
OFFICE_SEATS = {
    "L": {"P03": 1, "P06": 3, "P07": 8, "P10": 2, "P11": 1, "P13": 1},
    "M": {"P03": 1, "P06": 2, "P07": 5, "P10": 1, "P13": 1},
    "S": {"P03": 1, "P06": 1, "P07": 3, "P10": 1},
}
REGIONAL_SEATS = {"P02": 1, "P05": 1, "P06": 1, "P14": 1, "P11": 1, "P10": 1}
# Head office: section, its name, its seats, and the seat that its people report to unless LEADERS says otherwise.
SECTIONS: list[tuple[str, str, dict[str, int], str]] = [
    ("HO-EXE", "Executive", {"P01": 7}, "HO-EXE-P01-1"),
    ("HO-CARE", "Customer care", {"P04": 2, "P06": 1}, "HO-CARE-P04-1"),
    ("HO-CALL", "Call centre", {"P09": 2, "P08": 18}, "HO-CALL-P09-1"),
    ("HO-TRAIN", "Human resources and training", {"P14": 2}, "HO-EXE-P01-3"),
    ("HO-INT", "Integrity unit", {"P15": 2}, "HO-EXE-P01-1"),
    ("HO-REC", "Records", {"P10": 4}, "HO-EXE-P01-3"),
    ("HO-PROC", "Procurement", {"P12": 6}, "HO-EXE-P01-4"),
    ("HO-CASH", "Cash office", {"P11": 4}, "HO-EXE-P01-4"),
    ("HO-DESK", "Reception", {"P13": 4}, "HO-EXE-P01-3"),
]
HEAD, OPERATIONS, STANDARDS = "HO-EXE-P01-1", "HO-EXE-P01-2", "HO-EXE-P01-5"
LEADERS = {
    "HO-CARE-P04-1": STANDARDS,
    "HO-CARE-P04-2": STANDARDS,
    "HO-CALL-P09-1": "HO-CARE-P04-2",
    "HO-CALL-P09-2": "HO-CARE-P04-2",
} | {f"HO-CALL-P08-{number}": "HO-CALL-P09-2" for number in range(10, 19)}
TITLES = {
    "HO-EXE-P01-1": "Head of ministry",
    "HO-EXE-P01-2": "Director, regional operations",
    "HO-EXE-P01-3": "Director, corporate services",
    "HO-EXE-P01-4": "Director, finance and procurement",
    "HO-EXE-P01-5": "Director, policy and standards",
    "HO-EXE-P01-6": "Director, community programmes",
    "HO-EXE-P01-7": "Director, information services",
    "HO-INT-P15-1": "Secretary of the integrity unit",
    "HO-INT-P15-2": "Ethics officer",
    "HO-REC-P10-1": "Records clerk and systems administrator",
} | {f"HO-CALL-P08-{number}": "After-hours agent" for number in range(15, 19)}

# Seventeen seats that nobody holds. RUTHS_OLD_SEAT has been empty since she moved.
RUTHS_OLD_SEAT = "NG02-P07-8"
VACANT = {
    RUTHS_OLD_SEAT,
    "NG05-P07-5",
    "NG08-P07-3",
    "RL01-P07-7",
    "RL01-P07-8",
    "RL03-P07-5",
    "RL07-P07-3",
    "GH01-P07-8",
    "GH03-P07-5",
    "RL02-P06-2",
    "GH02-P06-2",
    "SC03-P10-1",
    "RL05-P10-1",
    "MW03-P13-1",
    "HO-CALL-P08-18",
    "HO-PROC-P12-6",
    "GH-RO-P14-1",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit and the one above it, by code."""

    code: str
    kind: OrgUnit.Kind
    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A post, its unit and category, and the seat that it reports to, if any."""

    code: str
    unit: str
    category: str
    reports_to: str | None

    @property
    def title(self) -> str:
        return TITLES.get(self.code, "")


def units() -> Iterator[Unit]:
    """All units below the root, parents first."""
    yield Unit("HO", OrgUnit.Kind.HEAD_OFFICE, "Head office", ROOT)
    for code, name, _seats, _leader in SECTIONS:
        yield Unit(code, OrgUnit.Kind.SECTION, name, "HO")
    for region, (name, _offices) in REGIONS.items():
        yield Unit(region, OrgUnit.Kind.REGION, f"{name} region", ROOT)
        yield Unit(f"{region}-RO", OrgUnit.Kind.REGIONAL_OFFICE, f"{name} regional office", region)
        for code, office, _size in local_offices(region):
            yield Unit(code, OrgUnit.Kind.OFFICE, office, region)


def local_offices(region: str) -> Iterator[tuple[str, str, str]]:
    """Code, name and size of each local office of a region."""
    sized = [(name, size) for size, names in REGIONS[region][1].items() for name in names]
    for number, (name, size) in enumerate(sized, start=1):
        yield f"{region}{number:02}", name, size


def seats() -> Iterator[Seat]:
    """All posts of the ministry."""
    for section, _name, numbers, leader in SECTIONS:
        yield from _seats_in(section, numbers, leader)
    for region in REGIONS:
        manager = f"{region}-RO-P02-1"
        yield from _seats_in(f"{region}-RO", REGIONAL_SEATS, manager, above=OPERATIONS)
        for code, _name, size in local_offices(region):
            yield from _seats_in(code, OFFICE_SEATS[size], f"{code}-P03-1", above=manager)


def _seats_in(unit: str, numbers: dict[str, int], leader: str, above: str | None = None) -> Iterator[Seat]:
    for category, count in numbers.items():
        for number in range(1, count + 1):
            code = f"{unit}-{category}-{number}"
            up = above if code == leader else leader
            yield Seat(code, unit, category, LEADERS.get(code, up))

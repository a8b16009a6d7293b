"""Who sits where in the ministry: people with a part in the demo, and invented names for everybody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

from lms.demo import ministry
from lms.organisation.models import Role

_SEED = 1811
_LONGEST_DAYS, _SHORTEST_DAYS = 9 * 365, 75


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody whom the demo knows by name, in a seat for so many days. With a role there is a login, too."""

    given_names: str
    surname: str
    days_in_post: int
    signs_in_as: str = ""
    role: Role | None = None
    role_in: str = ministry.ROOT
    is_contractor: bool = False
    has_email: bool = True

    @property
    def email(self) -> str:
        """An address that leads nowhere."""
        names = f"{self.given_names}.{self.surname}".lower().replace(" ", "").replace("'", "")
        return f"{names}@mcs.example" if self.signs_in_as and self.has_email else ""


THANDI, SUPERVISOR, HR, ADMINISTRATOR = "ME01-P06-1", "ME01-P03-1", "HO-TRAIN-P14-1", "HO-REC-P10-1"
INTEGRITY, ASSESSOR, RUTHS_SEAT = "HO-INT-P15-1", "ME-RO-P05-1", "MW01-P07-1"
AUTHOR, APPROVER = "HO-TRAIN-P14-2", "HO-CARE-P04-1"
DAYS_SINCE_RUTH_MOVED, RUTHS_DAYS = 31, 1200

PARTS: dict[str, Part] = {
    THANDI: Part("Thandi", "Mokoena", 26, "Customer Care Assistant, Eastmarket", has_email=False),
    SUPERVISOR: Part("Nomsa", "Pereira", 1460, "Her supervisor, Eastmarket"),
    "ME-RO-P02-1": Part("Tobias", "Okonjo", 2100, "Regional manager, Metro East"),
    HR: Part("Devon", "Clarke", 1900, "HR training coordinator", Role.TRAINING_COORDINATOR),
    INTEGRITY: Part("Amaka", "Eze", 1300, "Secretary of the integrity unit", Role.INTEGRITY_OFFICER),
    ASSESSOR: Part("Maria", "Torres", 1600, "Assessor, Metro East", Role.ASSESSOR, "ME"),
    RUTHS_SEAT: Part("Ruth", "Adeyemi", DAYS_SINCE_RUTH_MOVED, "Service officer, moved last month"),
    ADMINISTRATOR: Part("Hana", "Kovar", 2400, "Administrator", Role.ADMINISTRATOR),
    AUTHOR: Part("Ana", "Beltran", 1100, "Course author", Role.COURSE_AUTHOR),
    APPROVER: Part("Mikael", "Aho", 2000, "Approver of courses", Role.APPROVER),
    "SC01-P11-1": Part("Ibrahim", "Sule", 1700),
    "MW03-P03-1": Part("Grace", "Whitfield", 2300),
    ministry.STANDARDS: Part("Noura", "Al-Hashimi", 1500),
    "GH02-P07-1": Part("Peter", "Chin", 900),
    "NG-RO-P05-1": Part("Yusuf", "Bello", 1800),
    "SC02-P06-1": Part("Lena", "Fourie", 2700),
    "HO-CALL-P08-17": Part("Sipho", "Dlamini", 500, is_contractor=True),
}
# Not of the ministry, so without a post: an account that belongs to no member of staff.
AUDITOR = Part("Leila", "Brandt", 0, "Auditor from outside", Role.AUDITOR)

_GIVEN = [
    "Abena",
    "Adunni",
    "Aisling",
    "Akua",
    "Alejandra",
    "Amir",
    "Anneke",
    "Anton",
    "Asha",
    "Bianca",
    "Chidi",
    "Chipo",
    "Dalia",
    "Deepa",
    "Dmitri",
    "Dylan",
    "Ebele",
    "Elif",
    "Emeka",
    "Esther",
    "Fatou",
    "Femi",
    "Florian",
    "Gita",
    "Gugu",
    "Hassan",
    "Helena",
    "Hiroshi",
    "Ifeoma",
    "Ilse",
    "Imani",
    "Jabu",
    "Jamila",
    "Joao",
    "Kabelo",
    "Katrin",
    "Keisha",
    "Khadija",
    "Kofi",
    "Lerato",
    "Lwazi",
    "Mandla",
    "Marisol",
    "Mehmet",
    "Mpho",
    "Nadia",
    "Naledi",
    "Ngozi",
    "Oluchi",
    "Omar",
    "Pieter",
    "Priya",
    "Rashid",
    "Rosa",
    "Sabine",
    "Sanele",
    "Shanice",
    "Sunita",
    "Tariq",
    "Tendai",
    "Thabo",
    "Uchenna",
    "Vusi",
    "Wanjiru",
    "Xolani",
    "Yara",
    "Zainab",
    "Zodwa",
]
_FAMILY = (
    "Abara Achterberg Adomako Akinde Almeida Amoah Baptiste Barua Bester Boateng Botha Cele Chanda Chukwura Coetsee "
    "Dambudzo Danjuma Desta Dube Edozie Engelbrecht Farouk Ferreira Gathoni Gounden Gumede Hlatswayo Ikande Isang "
    "Jacobs Joubert Kamau Kariuki Khoury Koroma Kruger Lakay Lebelo Mabuza Maphosa Mazibuko Meintjes Mensah Moyo "
    "Mthembu Naicker Ncube Nkemdi Nyati Obande Odhiambo Oduya Olsson Ortega Otieno Phiri Pillai Quaye Rahman Sesay "
    "Shabangu Silva Sithebe Tembo Uzor Valdez Venter Wekesa Yeboah Zwane"
)
_SURNAMES = _FAMILY.split()


def names_of_others() -> Iterator[tuple[str, str]]:
    """Names that nobody in the ministry has today, for those who have left."""
    taken = {(part.given_names, part.surname) for _seat, part in everybody()}
    names = [pair for pair in product(_GIVEN, _SURNAMES) if pair not in taken]
    Random(_SEED).shuffle(names)
    return iter(names)


def staff_number(place: int) -> str:
    """The number of the so-manieth person. Numbers do not follow the seats, as in a ministry grown over the years."""
    return str(100_000 + place * 7919 % 90_001)


def everybody() -> Iterator[tuple[ministry.Seat, Part]]:
    """A person for every seat that is held, the same at every call."""
    chance = Random(_SEED)  # nothing secret hangs on it
    taken = {(part.given_names, part.surname) for part in PARTS.values()}
    names = [pair for pair in product(_GIVEN, _SURNAMES) if pair not in taken]
    chance.shuffle(names)
    for seat in ministry.seats():
        days = chance.randrange(_SHORTEST_DAYS, _LONGEST_DAYS)
        if seat.code not in ministry.VACANT:
            yield seat, PARTS.get(seat.code) or Part(*names.pop(), days)

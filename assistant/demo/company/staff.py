"""Employees, their teams and their managers."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import NamedTuple

from assistant.demo.company.timeline import day_between

_TEAMS = {  # head, leads, others, how many others
    "support": (
        "Head of Support",
        ("Support Team Lead", "Support Team Lead"),
        ("Support Agent", "Support Agent", "Senior Support Agent"),
        18,
    ),
    "marketing": (
        "Head of Marketing",
        ("Performance Lead",),
        ("Campaign Manager", "Content Editor", "CRM Specialist", "Brand Designer"),
        7,
    ),
    "finance": ("Chief Financial Officer", (), ("Controller", "Accountant", "Payroll Specialist"), 5),
    "operations": (
        "Head of Operations",
        ("Logistics Lead",),
        ("Warehouse Coordinator", "Buyer", "Demand Planner"),
        10,
    ),
    "roastery": ("Head Roaster", (), ("Roaster", "Quality Cupper", "Packer"), 7),
    "it": ("Head of Engineering", (), ("Data Engineer", "Web Developer", "Systems Engineer"), 5),
}
_FIRST = (
    "Birgit Aisling Tomasz Renske Farid Gudrun Malik Ottilie Kacper Yara Henk Matilda Rashid Solenne "
    "Ewald Priya Jannik Oonagh Bartosz Wiebke Luuk Imke Cillian Swantje Dario Hedwig Amara Torben "
    "Nadia Fionn Merle Igor Salma Jorrit Elif Konrad Ragna Mehmet Tilda Ansgar Bronagh Casimir Dunja "
    "Eike Femi Gesa Hassan Ingmar Jelena Kamil Leonie Marek Noura Okan Paulina Quirin Rosalie Selin "
    "Thea Ulrike Viggo Wanda"
)
_LAST = (
    "Petersen O'Neil Kowalczyk Verhoeven Haddad Thomsen Okafor Brandis Zając Demir Kuiper Lindqvist "
    "Rahman Marchand Behrens Nair Carstens O'Malley Wrona Claasen Terpstra Wilken Quinn Ahlers "
    "D'Angelo Kröger Diallo Iversen Petrov Boyle Hinrichs Novak Farouk Bouma Yildiz Stein Halvorsen "
    "Kaya Ekström Lorenz Duffy Sobczak Horvat Uhl Adeyemi Harms Mansour Rieger Ilic Pawlak Tiedemann "
    "Vrba Aziz Çelik Wolny Behr Fontaine Aydin Graf Sander Holm Rybak"
)


class Employee(NamedTuple):
    """One row of `employees`."""

    employee_id: int
    first_name: str
    last_name: str
    team: str
    job_title: str
    manager_id: int | None
    hired_on: str
    left_on: str | None


def make_staff(rng: Random) -> list[Employee]:
    """Everybody who works or worked here: a managing director, heads, leads and their people."""
    names = list(zip(_FIRST.split(), _LAST.split(), strict=True))
    staff: list[Employee] = []

    def hire(team: str, title: str, manager: int | None, senior: bool) -> int:
        hired = day_between(date(2017, 5, 1), date(2021, 6, 30), rng) if senior else _hiring_day(rng)
        left = (
            None
            if senior or rng.random() > 0.19
            else day_between(max(hired, date(2023, 3, 1)), date(2025, 10, 20), rng)
        )
        number = len(staff) + 1
        left_on = left.isoformat() if left and (left - hired).days > 60 else None
        staff.append(Employee(number, *names[number - 1], team, title, manager, hired.isoformat(), left_on))
        return number

    director = hire("operations", "Managing Director", None, True)
    for team, (head_title, lead_titles, titles, count) in _TEAMS.items():
        head = hire(team, head_title, director, True)
        managers = [hire(team, title, head, True) for title in lead_titles] or [head]
        for index in range(count - len(lead_titles)):
            hire(team, titles[index % len(titles)], managers[index % len(managers)], False)
    return staff


def _hiring_day(rng: Random) -> date:
    return day_between(date(2019, 1, 7), date(2025, 8, 1), rng)

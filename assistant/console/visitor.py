"""Who sits in front of the console. Without a login it serves this machine, and whoever started it."""

import getpass
from dataclasses import dataclass

import streamlit as st

from assistant.console.workplace import opened
from feedback.people import Person


@dataclass(frozen=True)
class Visitor:
    """`owner`: may decide about corrections."""

    person: Person
    owner: bool


def visitor() -> Visitor | None:
    """None while somebody still has to log in: the page to do so is shown instead."""
    if not _asks_for_login():
        return _known(Person(getpass.getuser(), getpass.getuser()))
    if not st.user.is_logged_in:
        st.title("Quarry")
        st.text("Log in to ask your database.")
        st.button("Log in", on_click=st.login, type="primary")
        return None
    mail = str(st.user.get("email") or st.user.get("sub") or "")
    with st.sidebar:
        st.text(str(st.user.get("name") or mail))
        st.button("Log out", on_click=st.logout)
    return _known(Person(mail, str(st.user.get("name") or mail)), named=True)


def _asks_for_login() -> bool:
    """Whether .streamlit/secrets.toml configures an OpenID Connect provider under [auth]."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def _known(person: Person, *, named: bool = False) -> Visitor:
    """With a login those decide whom `owners` names; without, also whoever started it where it is empty."""
    owners = opened().settings.owners
    return Visitor(person, person.id in owners if owners or named else True)

"""The one workspace behind all visitors, and how trouble is told to them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from assistant.console.workplace_name import WORKSPACE
from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from assistant.workspace import Workspace


@st.cache_resource(show_spinner="Opening the workspace ...")
def opened() -> "Workspace":
    """Opened once for the whole server. What a killed process left undone is done now."""
    from assistant.corrections import settle
    from assistant.workspace import Workspace

    workspace = Workspace.open(Path(os.environ[WORKSPACE]))
    settle(workspace)
    return workspace


@contextmanager
def told() -> Iterator[None]:
    """What a person may meet is one sentence on the page, as on the command line."""
    try:
        yield
    except QuarryError as error:
        problem(str(error))


def problem(sentence: str) -> None:
    """As text: what it quotes may look like markup."""
    with st.container(border=True):
        st.text(f"⚠ {sentence}")

"""The settings of a workspace."""

import datetime as dt
from pathlib import Path

import pytest

from assistant.settings import Settings, find_workspace, load_settings, table
from knowledge.errors import SettingsError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*Settings.model_fields, "workspace"]:
        monkeypatch.delenv(f"QUARRY_{name.upper()}", raising=False)


def settings(folder: Path, text: str) -> Settings:
    (folder / "quarry.toml").write_text(text, encoding="utf-8")
    return load_settings(folder)


def test_every_setting_has_a_sentence_and_stands_in_the_docs() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name
    assert table() in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_values_come_from_the_file_with_their_types(tmp_path: Path) -> None:
    said = settings(tmp_path, 'database = "sqlite:///a.sqlite"\ntoday = 2025-11-14\nexclude = ["x_*"]\n')
    assert said.database == "sqlite:///a.sqlite"
    assert said.today == dt.date(2025, 11, 14)
    assert said.exclude == ("x_*",)
    assert said.max_rows == 1000


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUARRY_MAX_ROWS", "7")
    assert settings(tmp_path, "max_rows = 5\n").max_rows == 7


def test_a_password_can_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "s3cret")
    said = settings(tmp_path, 'database = "postgresql://q:${SHOP_PASSWORD}@h/shop"\n')
    assert said.database == "postgresql://q:s3cret@h/shop"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("max_row = 5\n", "there is no setting `max_row`; did you mean `max_rows`"),
        ("colour = 5\n", "there is no setting `colour`; docs/settings.md"),
        ('max_rows = "many"\n', "quarry.toml, max_rows: input should be a valid integer.*'many'"),
        ("max_rows = 0\n", "quarry.toml, max_rows: input should be greater than or equal to 1.*0"),
        ("timeout_s = 5\nmodel = \n", "quarry.toml, line 2: .*not valid TOML"),
        ('database = "postgresql://q:${NO_SUCH}@h/x"\n', "variable NO_SUCH is not set; export it"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_remedy(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as raised:
        settings(tmp_path, text)
    assert "\n" not in str(raised.value)


def test_a_wrong_variable_is_told_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUARRY_TIMEOUT_S", "soon")
    with pytest.raises(SettingsError, match="the environment's QUARRY_TIMEOUT_S"):
        settings(tmp_path, "")


def test_the_secret_is_not_told_in_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "s3cret")
    with pytest.raises(SettingsError) as raised:
        settings(tmp_path, 'database = "postgresql://q:${SHOP_PASSWORD}@${NO_SUCH}/shop"\n')
    assert "s3cret" not in str(raised.value)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "quarry.toml").write_bytes('model = "gemälde"'.encode("latin-1"))
    with pytest.raises(SettingsError, match="save it as UTF-8"):
        load_settings(tmp_path)


def test_the_workspace_is_found_from_a_folder_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(tmp_path, "")
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert find_workspace() == tmp_path.resolve()


def test_the_variable_names_a_workspace_and_the_option_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        settings(tmp_path / name, "")
    monkeypatch.setenv("QUARRY_WORKSPACE", str(tmp_path / "one"))
    assert find_workspace() == (tmp_path / "one").resolve()
    assert find_workspace(tmp_path / "two") == (tmp_path / "two").resolve()


def test_no_workspace_here_names_quarry_init(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=r"No quarry\.toml here or above; run `quarry init"):
        find_workspace()


def test_a_named_folder_that_is_no_workspace_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="run `quarry init"):
        find_workspace(tmp_path / "elsewhere")


def test_a_fiscal_year_that_begins_in_no_month_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"fiscal_year_starts"):
        settings(tmp_path, "fiscal_year_starts = 13\n")

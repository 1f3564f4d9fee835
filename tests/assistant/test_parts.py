"""Parts that are opened once."""

import threading

import pytest

from assistant.parts import Part, Parts


class House(Parts):
    def __init__(self) -> None:
        super().__init__()
        self.built = 0

    @Part
    def door(self) -> str:
        self.built += 1
        return f"door {self.built}"

    @Part
    def hall(self) -> str:
        return f"hall behind {self.door}"

    @Part
    def roof(self) -> str:
        raise OSError("no roof")


def test_a_part_is_built_once_and_timed() -> None:
    house = House()
    assert house.opened == {}
    assert (house.door, house.door, house.hall) == ("door 1", "door 1", "hall behind door 1")
    assert set(house.opened) == {"door", "hall"}


def test_two_objects_have_parts_of_their_own() -> None:
    one, other = House(), House()
    assert one.door == "door 1"
    other.built = 6
    assert other.door == "door 7"


def test_threads_that_ask_at_once_get_the_same_part() -> None:
    house, found = House(), []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        found.append(house.door)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["door 1"] * 8


def test_a_part_that_failed_fails_again_and_is_not_kept() -> None:
    house = House()
    for _ in range(2):
        with pytest.raises(OSError, match="no roof"):
            _ = house.roof
    assert "roof" not in house.opened

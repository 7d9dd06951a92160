"""The cases, by what is bad."""

from services.measure.bad_input.case import Case
from services.measure.bad_input.cases import away, commands, disks, files, requests, servers, serving, settings, usage

CASES: tuple[Case, ...] = tuple(
    case for part in (usage, settings, files, commands, servers, disks, serving, requests, away) for case in part.CASES
)

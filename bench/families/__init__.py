"""Made-up training logs, in families: healthy ones that look frightening, and sick ones, in equal number.

Each family is a function of a random generator, written from the mechanism of what it shows and not from the rules that
are to find it. They are made up, and they are called so wherever they are shown.
"""

from bench.families import healthy_noise, healthy_schedules, sick_courses, sick_falls
from bench.families.family import Drawn, drawn
from bench.families.log import Family

FAMILIES: tuple[Family, ...] = tuple(
    found
    for module in (healthy_noise, healthy_schedules, sick_falls, sick_courses)
    for found in vars(module).values()
    if isinstance(found, Family)
)

__all__ = ["FAMILIES", "Drawn", "Family", "drawn"]

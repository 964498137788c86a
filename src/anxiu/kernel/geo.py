"""Places on earth. Stored in WGS-84 with accuracy and source; converted to GCJ-02 only to draw on Chinese tiles."""

from dataclasses import dataclass
from math import asin, cos, hypot, pi, radians, sin, sqrt
from typing import Final

EARTH_RADIUS_METRES: Final = 6_371_008.8  # source: IUGG mean radius
# source: the Krasovsky 1940 ellipsoid, on which GCJ-02 is defined
_AXIS, _FLATNESS = 6_378_245.0, 0.006_693_421_622_965_943


@dataclass(frozen=True, slots=True)
class Place:
    """A fix: degrees in WGS-84, accuracy in metres when known, and where it came from (`gps`, `typed`, `geocoder`)."""

    latitude: float
    longitude: float
    accuracy_metres: int | None = None
    source: str = "typed"

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError("a place lies between -90 and 90 degrees of latitude, -180 and 180 of longitude")


def distance_metres(a: Place, b: Place) -> int:
    """Great-circle distance in metres (haversine)."""
    dlat, dlon = radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)
    chord = sin(dlat / 2) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(dlon / 2) ** 2
    return round(2 * EARTH_RADIUS_METRES * asin(min(1.0, sqrt(chord))))


def to_gcj02(place: Place) -> tuple[float, float]:
    """Latitude and longitude in GCJ-02, for drawing on tiles that use it. Source: the published community formula."""
    x, y = place.longitude - 105.0, place.latitude - 35.0
    wave = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    dlat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + wave
    dlat += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3 + (
        160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)
    ) * 2 / 3
    dlon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + wave
    dlon += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3 + (
        150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)
    ) * 2 / 3
    sine = sin(radians(place.latitude))
    bend = 1 - _FLATNESS * sine * sine
    metres_lat = _AXIS * (1 - _FLATNESS) / (bend * sqrt(bend))
    metres_lon = _AXIS / sqrt(bend) * cos(radians(place.latitude))
    return place.latitude + dlat * 180 / (metres_lat * pi), place.longitude + dlon * 180 / (metres_lon * pi)


def flat_metres(a: Place, b: Place) -> float:
    """Distance by a local plane; good to a few metres within a city, and cheap."""
    north = radians(b.latitude - a.latitude) * EARTH_RADIUS_METRES
    east = radians(b.longitude - a.longitude) * EARTH_RADIUS_METRES * cos(radians((a.latitude + b.latitude) / 2))
    return hypot(north, east)

"""Why something of a case is what it is, with the evidence behind it."""

from attribution.explanation.exhibits import Exhibit, exhibit
from attribution.explanation.explaining import Explanation, explain

__all__ = ["Exhibit", "Explanation", "exhibit", "explain"]

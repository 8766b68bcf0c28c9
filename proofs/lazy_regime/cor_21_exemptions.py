"""Places of Corollary 21 that `mutate` leaves alone, with the reasons."""

INDEX = "the index of an induction"
INDICES = {f"the hypothesis {i} in range ({end})": INDEX for i in "hk" for end in ("lower", "upper")}
ON_THE_EVENT = {place: why for place, why in INDICES.items() if " h " in place}
BASIS = {
    "the hypothesis sigma > 0": "a standard deviation; for sigma < 0 no layers are on the event",
    "the hypothesis t >= 0": "Theorem 20 is about t >= 0",
}
SIZE = "sizes are at least 1: a convention of every domain"
CONVENTION = dict.fromkeys(("the hypothesis w >= 1", "the hypothesis sizes"), SIZE)
NAMED = dict.fromkeys(("the hypothesis q > 0", "the hypothesis q is 1 + t/2"), "q is short for 1 + t/2, and not in the claim")

TAIL_OF = "a constant of the cited theorem; it is not tight at the small sizes where probabilities can be enclosed"
CONSTANTS = dict.fromkeys(("the exponent's 2 in sigma^2", "the exponent's 2 in t^2", "the number 2 in (-t^2)/2"), TAIL_OF)
EVENT_OF = "part of the event, which is that of cor-21.within and changed there"
PLACES = dict.fromkeys(
    (
        "the first layer L of W[L:1]",
        "the last layer 1 of W[L:1]",
        "the number 1 of sigma[1](W[L:1])",
        "the number 1 in 1 + 1*t",
        "the subscript of n[0] in sqrt(n[0])",
        "the subscript of n[L] in sqrt(n[L])",
        "the number 4 in 4*w",
        "the exponent's 2 in -2",
        "the exponent's 2 in (L - 2) / 2",
        "the hypothesis hidden widths",
    ),
    EVENT_OF,
)
LAYER = {f"the hypothesis l in range ({end})": "there is no such layer" for end in ("lower", "upper")}
INSIDE = INDICES | BASIS | CONVENTION | CONSTANTS | PLACES | LAYER
ONE_LAYER = CONSTANTS | BASIS | LAYER | {"the hypothesis L >= 2": "that there are more layers is not used"}
ONE_LAYER |= {"the number 2 in 2*exp((-t^2)/2)": TAIL_OF}

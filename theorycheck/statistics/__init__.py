"""What may be said from samples: exact intervals for chances and medians, slopes, sample sizes, and the risk of a false alarm.

`proportions`: the interval of Clopper and Pearson for a chance; `medians`: the interval for a median by order statistics;
`slopes`: the exponent of a power law from values at several sizes; `design`: how the risk is shared out, sample sizes from a
pilot, seeds. All intervals are exact: they assume independent draws, no normal law and no large sample.
"""

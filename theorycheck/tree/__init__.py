"""The language of claims: trees, their shapes, LaTeX and JSON. Knows no other part of the library."""

from theorycheck.tree.build import (
    INFINITY as INFINITY,
)
from theorycheck.tree.build import (
    All as All,
)
from theorycheck.tree.build import (
    Converges as Converges,
)
from theorycheck.tree.build import (
    Defined as Defined,
)
from theorycheck.tree.build import (
    Dt as Dt,
)
from theorycheck.tree.build import (
    Eq as Eq,
)
from theorycheck.tree.build import (
    Family as Family,
)
from theorycheck.tree.build import (
    Flow as Flow,
)
from theorycheck.tree.build import (
    Function as Function,
)
from theorycheck.tree.build import (
    Ge as Ge,
)
from theorycheck.tree.build import (
    Gt as Gt,
)
from theorycheck.tree.build import (
    Layers as Layers,
)
from theorycheck.tree.build import (
    Le as Le,
)
from theorycheck.tree.build import (
    Lt as Lt,
)
from theorycheck.tree.build import (
    Member as Member,
)
from theorycheck.tree.build import (
    Not as Not,
)
from theorycheck.tree.build import (
    Psd as Psd,
)
from theorycheck.tree.build import (
    absolute as absolute,
)
from theorycheck.tree.build import (
    exp as exp,
)
from theorycheck.tree.build import (
    eye as eye,
)
from theorycheck.tree.build import (
    gradient_of as gradient_of,
)
from theorycheck.tree.build import (
    inner as inner,
)
from theorycheck.tree.build import (
    integral as integral,
)
from theorycheck.tree.build import (
    layers as layers,
)
from theorycheck.tree.build import (
    limit as limit,
)
from theorycheck.tree.build import (
    log as log,
)
from theorycheck.tree.build import (
    mat as mat,
)
from theorycheck.tree.build import (
    minimum as minimum,
)
from theorycheck.tree.build import (
    norm as norm,
)
from theorycheck.tree.build import (
    product as product,
)
from theorycheck.tree.build import (
    rank as rank,
)
from theorycheck.tree.build import (
    scalars as scalars,
)
from theorycheck.tree.build import (
    schatten as schatten,
)
from theorycheck.tree.build import (
    second_derivative as second_derivative,
)
from theorycheck.tree.build import (
    sign as sign,
)
from theorycheck.tree.build import (
    singular as singular,
)
from theorycheck.tree.build import (
    sqrt as sqrt,
)
from theorycheck.tree.build import (
    sym as sym,
)
from theorycheck.tree.build import (
    total as total,
)
from theorycheck.tree.build import (
    trace as trace,
)
from theorycheck.tree.build import (
    vec as vec,
)
from theorycheck.tree.build import (
    vectors as vectors,
)
from theorycheck.tree.build import (
    zero as zero,
)
from theorycheck.tree.node import (
    Node as Node,
)
from theorycheck.tree.node import (
    Number as Number,
)
from theorycheck.tree.node import (
    add as add,
)
from theorycheck.tree.node import (
    as_node as as_node,
)
from theorycheck.tree.node import (
    free_names as free_names,
)
from theorycheck.tree.node import (
    matmul as matmul,
)
from theorycheck.tree.node import (
    num as num,
)
from theorycheck.tree.node import (
    replace as replace,
)
from theorycheck.tree.node import (
    substitute as substitute,
)
from theorycheck.tree.node import (
    walk as walk,
)

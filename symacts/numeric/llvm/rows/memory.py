"""Vectors that reach beyond a row, and squares of numbers whose rows become columns."""

from collections.abc import Iterator, Sequence

from symacts.numeric.llvm.layout import Loop

__all__ = ["load_some", "mask", "phis", "splat", "store_some", "transposed"]


def splat(name: str, scalar: str, value: str, lanes: int) -> Iterator[str]:
    """Write a number into all lanes."""
    kind = f"<{lanes} x {scalar}>"
    zeros = f"<{lanes} x i32> zeroinitializer"
    yield f"  {name}.first = insertelement {kind} poison, {scalar} {value}, i64 0"
    yield f"  {name} = shufflevector {kind} {name}.first, {kind} poison, {zeros}"


def mask(name: str, count: str, lanes: int) -> Iterator[str]:
    """Write which lanes are among the first ones."""
    places = ", ".join(f"i32 {lane}" for lane in range(lanes))
    yield f"  {name}.many = icmp sgt i64 {count}, {lanes}"
    yield f"  {name}.few = select i1 {name}.many, i64 {lanes}, i64 {count}"
    yield f"  {name}.i = trunc i64 {name}.few to i32"
    yield from splat(f"{name}.s", "i32", f"{name}.i", lanes)
    yield f"  {name} = icmp slt <{lanes} x i32> <{places}>, {name}.s"


def phis(
    names: Sequence[str], kinds: Sequence[str], *origins: tuple[Sequence[str], str]
) -> Iterator[str]:
    """Write what values are, depending on the block that was before."""
    for place, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        pairs = ", ".join(f"[ {values[place]}, %{block} ]" for values, block in origins)
        yield f"  {name} = phi {kind} {pairs}"


def load_some(loop: Loop, lanes: int, address: str, mask: str) -> tuple[str, str]:
    """Return the instruction that reads some lanes, and zero elsewhere; and its declaration."""
    kind, truths = f"<{lanes} x {loop.memory}>", f"<{lanes} x i1>"
    name = f"@llvm.masked.load.v{lanes}f{8 * loop.size}.p0"
    given = f"ptr {address}, i32 {loop.size}, {truths} {mask}, {kind} zeroinitializer"
    return (
        f"call {kind} {name}({given})",
        f"declare {kind} {name}(ptr, i32, {truths}, {kind})",
    )


def store_some(loop: Loop, lanes: int, value: str, address: str, mask: str) -> tuple[str, str]:
    """Return the instruction that writes some lanes, and its declaration."""
    kind, truths = f"<{lanes} x {loop.memory}>", f"<{lanes} x i1>"
    name = f"@llvm.masked.store.v{lanes}f{8 * loop.size}.p0"
    return (
        f"call void {name}({kind} {value}, ptr {address}, i32 {loop.size}, {truths} {mask})",
        f"declare void {name}({kind}, ptr, i32, {truths})",
    )


def transposed(rows: Sequence[str], kind: str, stem: str) -> tuple[list[str], list[str]]:
    """Return the lines that make columns of as many rows as they have lanes, and the columns.

    Squares are exchanged across the diagonal, from the smallest to the largest.
    """
    lines: list[str] = []
    count, vectors = len(rows), list(rows)
    size = 1
    while size < count:
        for at in range(count):
            if at & size:
                continue
            pair = vectors[at], vectors[at + size]
            low = [lane if not lane & size else count + lane - size for lane in range(count)]
            high = [lane + size if not lane & size else count + lane for lane in range(count)]
            for place, lanes in ((at, low), (at + size, high)):
                name = f"%{stem}.{size}.{place}"
                chosen = ", ".join(f"i32 {lane}" for lane in lanes)
                lines.append(
                    f"  {name} = shufflevector {kind} {pair[0]}, {kind} {pair[1]},"
                    f" <{count} x i32> <{chosen}>"
                )
                vectors[place] = name
        size *= 2
    return lines, vectors

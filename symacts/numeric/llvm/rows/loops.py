"""The loops over one row: several vectors at a time, then single ones, the last filled in part."""

from collections.abc import Sequence

from symacts.numeric.llvm.interleave import interleave
from symacts.numeric.llvm.ir import Body
from symacts.numeric.llvm.layout import Loop
from symacts.numeric.llvm.rows.kernel import Entries, RowKernel
from symacts.numeric.llvm.rows.memory import mask, phis
from symacts.numeric.llvm.rows.sums import Accumulator, updated
from symacts.numeric.llvm.rows.trace import RowProgram

__all__ = ["Bodies", "RowLoops"]

#: The bodies of the loops of a pass, each with the entries that it brings to the sums.
Bodies = Sequence[tuple[Body, list[str]]]


class RowLoops(RowKernel):
    """Goes over the entries of a row that lie side by side."""

    def __init__(self, program: RowProgram, loop: Loop, lanes: int, name: str, copies: int) -> None:
        """Take how many vectors are computed side by side, a power of two."""
        super().__init__(program, loop, lanes, name)
        self.copies = copies
        #: Where the vector that is written now begins, and which of its lanes are in the row.
        self.at = ""
        self.mask = ""

    def bodies(self, entries: Entries) -> Bodies:
        """Return a body for each vector of the first loop, and last the one of the second loop."""
        made = []
        self.mask = ""
        for copy in range(self.copies):
            made.append(self._body(entries, f"%i{self.place}.{copy}", "main", is_careful=False))
            if made[0][0].conditions:
                # Branches cannot be woven together; there is one vector at a time then.
                made = [self._body(entries, f"%i{self.place}.0", "main", is_careful=True)]
                break
        self.mask = f"%mask{self.place}"
        made.append(self._body(entries, f"%j{self.place}", "rest", is_careful=True))
        return made

    def _body(
        self, entries: Entries, at: str, loop: str, *, is_careful: bool
    ) -> tuple[Body, list[str]]:
        self.at, block = at, f"{loop}{self.place}"
        body = self.new_body(self.loop.arithmetic, self.lanes, block, is_careful=is_careful)
        found = entries(self.values(body))
        self.collect(body)
        return body, found

    def over_row(self, sums: Sequence[Accumulator], bodies: Bodies) -> Sequence[str]:
        """Write both loops, and return the state at the end."""
        *main, last = bodies
        state = [start for one in sums for _, start in one.starts()]
        return self._rest(sums, last, self._main(sums, main, state))

    def _main(
        self, sums: Sequence[Accumulator], bodies: Bodies, state: Sequence[str]
    ) -> Sequence[str]:
        """Write the loop over as many whole vectors as are computed side by side."""
        k, width, first = self.place, self.lanes * len(bodies), bodies[0][0]
        before, loop, after = self.block, f"main{k}", f"full{k}"
        self.lines += [
            f"  %whole{k} = and i64 %n, {-width}",
            f"  %some{k} = icmp sgt i64 %whole{k}, 0",
            f"  br i1 %some{k}, label %{loop}, label %{after}",
        ]
        self.label(loop, is_reached=False)
        merged = self.new_body(self.loop.arithmetic, self.lanes, loop)
        columns = list(zip(*(found for _, found in bodies), strict=True))
        names = [f"%s{k}.{part}" for part in range(len(state))]
        new = updated(sums, merged, names, columns)
        self.collect(merged)
        end = first.block
        has_branches = end != loop
        self._counted(f"%i{k}", f"%up{k}", "0", (before, end))
        self._phis(sums, names, (state, before), (new, end))
        self.lines += [
            f"  %i{k}.{copy} = add i64 %i{k}, {copy * self.lanes}" for copy in range(len(bodies))
        ]
        self.lines += first.lines if has_branches else interleave([b.lines for b, _ in bodies])
        self.lines += merged.lines
        self._again((f"%i{k}", f"%up{k}"), width, f"%whole{k}", (loop, after))
        joined = [f"%f{k}.{part}" for part in range(len(state))]
        self._phis(sums, joined, (state, before), (new, end))
        return joined

    def _rest(
        self, sums: Sequence[Accumulator], last: tuple[Body, list[str]], state: Sequence[str]
    ) -> Sequence[str]:
        """Write the loop over what is left, with the lanes masked that are beyond the row."""
        k, (body, found) = self.place, last
        before, loop, after = self.block, f"rest{k}", f"end{k}"
        self.lines += [
            f"  %left{k} = icmp slt i64 %whole{k}, %n",
            f"  br i1 %left{k}, label %{loop}, label %{after}",
        ]
        self.label(loop, is_reached=False)
        masked = [
            (body.select(self.mask, entry, one.neutral(body)),)
            for one, entry in zip(sums, found, strict=True)
        ]
        names = [f"%t{k}.{part}" for part in range(len(state))]
        new = updated(sums, body, names, masked)
        self.collect(body)
        end = body.block
        self._counted(f"%j{k}", f"%step{k}", f"%whole{k}", (before, end))
        self._phis(sums, names, (state, before), (new, end))
        self.lines += [
            f"  %over{k} = sub i64 %n, %j{k}",
            *mask(f"%mask{k}", f"%over{k}", self.lanes),
            *body.lines,
        ]
        self._again((f"%j{k}", f"%step{k}"), self.lanes, "%n", (loop, after))
        joined = [f"%e{k}.{part}" for part in range(len(state))]
        self._phis(sums, joined, (state, before), (new, end))
        return joined

    def _counted(self, name: str, after: str, start: str, blocks: tuple[str, str]) -> None:
        self.lines += phis([name], ["i64"], ([start], blocks[0]), ([after], blocks[1]))

    def _phis(
        self,
        sums: Sequence[Accumulator],
        names: Sequence[str],
        *origins: tuple[Sequence[str], str],
    ) -> None:
        kinds = [kind for one in sums for kind, _ in one.starts()]
        self.lines += phis(names, kinds, *origins)

    def _again(
        self, counter: tuple[str, str], step: int, stop: str, blocks: tuple[str, str]
    ) -> None:
        """Write the end of a loop, and begin the block behind it."""
        (now, after), (loop, beyond) = counter, blocks
        self.lines += [
            f"  {after} = add i64 {now}, {step}",
            f"  {after}.more = icmp slt i64 {after}, {stop}",
            f"  br i1 {after}.more, label %{loop}, label %{beyond}",
        ]
        self.label(beyond, is_reached=False)

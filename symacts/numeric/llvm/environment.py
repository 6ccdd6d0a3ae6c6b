"""What every module of machine code ends with, such as the floating-point environment.

Machine code sets its own environment, and leaves what it found.
"""

from collections.abc import Collection

from symacts.numeric.llvm.layout import Machine
from symacts.numeric.llvm.primitives import trigonometric

__all__ = ["ending"]

_KEEP_X86 = """
declare void @llvm.x86.sse.stmxcsr(ptr)
declare void @llvm.x86.sse.ldmxcsr(ptr)
define internal void @keep(ptr %environment) alwaysinline nounwind {
  call void @llvm.x86.sse.stmxcsr(ptr %environment)
  %usual = getelementptr i8, ptr %environment, i64 4
  ; no traps, to nearest, subnormal numbers are numbers
  store i32 8064, ptr %usual, align 4
  call void @llvm.x86.sse.ldmxcsr(ptr %usual)
  ret void
}
define internal void @restore(ptr %environment) alwaysinline nounwind {
  call void @llvm.x86.sse.ldmxcsr(ptr %environment)
  ret void
}"""

_KEEP = """
declare i32 @fegetenv(ptr)
declare i32 @fesetenv(ptr)
define internal void @keep(ptr %environment) nounwind {
  %code = call i32 @fegetenv(ptr %environment)
  ret void
}
define internal void @restore(ptr %environment) nounwind {
  %code = call i32 @fesetenv(ptr %environment)
  ret void
}"""


def ending(
    machine: Machine,
    declarations: Collection[str],
    helpers: Collection[tuple[str, str, int]],
    *,
    frame: str = "",
) -> list[str]:
    """Return what the functions of a module need: helpers, declarations and attributes.

    Among it are `keep` and `restore`, which take a pointer to 256 bytes to keep the environment in.

    Args:
        frame: further attributes of functions, after a space.
    """
    needed = {*declarations, *(f"declare double @{name}(double)" for name, _, _ in helpers)}
    width = machine.vector_bits
    widths = f'"prefer-vector-width"="{width}" "min-legal-vector-width"="{width}"'
    return [
        *(trigonometric.helpers(*helper) for helper in sorted(helpers)),
        _KEEP_X86 if machine.is_x86 else _KEEP,
        *sorted(needed),
        f"attributes #0 = {{ nounwind noinline {widths}{frame} }}",
        '!0 = !{!"branch_weights", i32 2000, i32 1}',
    ]

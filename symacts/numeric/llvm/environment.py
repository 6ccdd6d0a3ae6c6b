"""The floating-point environment: machine code sets its own, and leaves what it found."""

from symacts.numeric.llvm.layout import Machine

__all__ = ["keep"]

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


def keep(machine: Machine) -> str:
    """Return functions `keep` and `restore`, which take a pointer to 256 bytes to keep it in."""
    return _KEEP_X86 if machine.is_x86 else _KEEP

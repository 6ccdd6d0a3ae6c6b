; How helpers sleep on Linux: the kernel compares and sleeps in one step, and wakes no more threads
; than are asked for.  128 and 129 are FUTEX_WAIT and FUTEX_WAKE, each with FUTEX_PRIVATE_FLAG.

declare i64 @syscall(i64, ...) nounwind

define internal void @prepare_sleep() nounwind {
  ret void
}

define internal void @sleep_while(i32 %seen) nounwind {
  %r = call i64 (i64, ...) @syscall(i64 $futex, ptr @generation, i32 128, i32 %seen, ptr null)
  ret void
}

define internal void @wake(i32 %count) nounwind {
  %r = call i64 (i64, ...) @syscall(i64 $futex, ptr @generation, i32 129, i32 %count)
  ret void
}

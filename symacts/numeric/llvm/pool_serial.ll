; The pool of a system without POSIX threads: the calling thread does everything.

define void @symacts_parallel(ptr %work, ptr %context, i64 %n) nounwind {
  call void %work(ptr %context, i64 0, i64 %n)
  ret void
}

define i32 @symacts_pool_resize(i32 %helpers) nounwind {
  ret i32 1
}

define void @symacts_pool_reset() nounwind {
  ret void
}

define i32 @symacts_pool_helpers() nounwind {
  ret i32 0
}

; How helpers sleep elsewhere: on a condition variable of POSIX, which wakes all of them.

@mutex = internal global [128 x i8] zeroinitializer, align 128
@condition = internal global [128 x i8] zeroinitializer, align 128
declare i32 @pthread_mutex_init(ptr, ptr) nounwind
declare i32 @pthread_mutex_lock(ptr) nounwind
declare i32 @pthread_mutex_unlock(ptr) nounwind
declare i32 @pthread_cond_init(ptr, ptr) nounwind
declare i32 @pthread_cond_wait(ptr, ptr) nounwind
declare i32 @pthread_cond_broadcast(ptr) nounwind

define internal void @prepare_sleep() nounwind {
  %1 = call i32 @pthread_mutex_init(ptr @mutex, ptr null)
  %2 = call i32 @pthread_cond_init(ptr @condition, ptr null)
  ret void
}

define internal void @sleep_while(i32 %seen) nounwind {
entry:
  %locked = call i32 @pthread_mutex_lock(ptr @mutex)
  br label %look
look:
  %current = load atomic i32, ptr @generation seq_cst, align 4
  %same = icmp eq i32 %current, %seen
  br i1 %same, label %sleep, label %done
sleep:
  %woken = call i32 @pthread_cond_wait(ptr @condition, ptr @mutex)
  br label %look
done:
  %unlocked = call i32 @pthread_mutex_unlock(ptr @mutex)
  ret void
}

; The lock falls between the change of @generation and the call, so that no sleeper is between its
; last look and its sleep when it is called.
define internal void @wake(i32 %count) nounwind {
  %locked = call i32 @pthread_mutex_lock(ptr @mutex)
  %unlocked = call i32 @pthread_mutex_unlock(ptr @mutex)
  %called = call i32 @pthread_cond_broadcast(ptr @condition)
  ret void
}

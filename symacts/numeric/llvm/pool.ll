; A thread pool for loops over arrays: symacts_parallel(work, context, n) calls work(context, start,
; stop) on pieces that cover [0, n), in the calling thread and in the helpers.
;
; Nothing here can hang on a thread that the system does not run.  Pieces are claimed one by one
; from a counter, so a helper that comes late costs nothing: the caller has done its part.  The
; caller waits only for helpers inside of a piece.
;
; pool.py fills in what differs between systems, and appends @sleep_while and @wake from another
; file.

; Each variable that threads write is alone on its cache lines.
; How many threads are wanted besides the caller, how many there are, and their handles.
@helpers = internal global i32 0, align 128
@running = internal global i32 0, align 128
@workers = internal global [$most_helpers x i64] zeroinitializer, align 128
; 1 while a caller, or @symacts_pool_resize, has the pool.
@busy = internal global i32 0, align 128
; 1 while the helpers are to end.
@stop = internal global i32 0, align 128
; Changes when there is something new to do.
@generation = internal global i32 0, align 128
; How many helpers no longer watch the generation.
@sleepers = internal global i32 0, align 128
; How many helpers are inside of the region, and 1 << 30 while it is open.
@gate = internal global i32 0, align 128
; The first element that nobody has claimed.
@next = internal global i64 0, align 128

; The region.  Written while the gate is closed and nobody is inside.
@work = internal global ptr null, align 128
@context = internal global ptr null
@count = internal global i64 0
@piece = internal global i64 0

declare i32 @pthread_create(ptr, ptr, ptr, ptr) nounwind
declare i32 @pthread_join(i64, ptr) nounwind
declare i32 @pthread_sigmask(i32, ptr, ptr) nounwind
declare i32 @sigfillset(ptr) nounwind
declare i32 @clock_gettime(i32, ptr) nounwind
declare i32 @sched_yield() nounwind
declare i64 @llvm.umin.i64(i64, i64)
declare i64 @llvm.umax.i64(i64, i64)
$declare_relax

define void @symacts_parallel(ptr %work, ptr %context, i64 %n) nounwind {
entry:
  %helpers = load atomic i32, ptr @helpers monotonic, align 4
  %alone = icmp eq i32 %helpers, 0
  %small = icmp ule i64 %n, 2048
  %direct = or i1 %alone, %small
  br i1 %direct, label %serial, label %attempt

attempt:
  ; Whoever does not get the pool at once does not wait for it.
  %lock = cmpxchg ptr @busy, i32 0, i32 1 acquire monotonic
  %mine = extractvalue { i32, i1 } %lock, 1
  br i1 %mine, label %parallel, label %serial

serial:
  call void %work(ptr %context, i64 0, i64 %n)
  ret void

parallel:
  call void @hire()
  store ptr %work, ptr @work
  store ptr %context, ptr @context
  store i64 %n, ptr @count
  %piece = call i64 @piece_of(i64 %n)
  store i64 %piece, ptr @piece
  store atomic i64 0, ptr @next monotonic, align 8
  %opened = atomicrmw or ptr @gate, i32 1073741824 release
  %called = atomicrmw add ptr @generation, i32 1 seq_cst
  call void @rouse()
  call void @claim_pieces()
  %closed = atomicrmw and ptr @gate, i32 -1073741825 acq_rel
  call void @wait_for_empty_gate()
  store atomic i32 0, ptr @busy release, align 4
  ret void
}

; Eight pieces for each thread, so that one that is interrupted keeps the others waiting for little;
; multiples of 1024, so that vector loops have no remainders; and at most 65536 elements.
define internal i64 @piece_of(i64 %n) nounwind {
  %helpers = load atomic i32, ptr @helpers monotonic, align 4
  %others = zext i32 %helpers to i64
  %threads = add i64 %others, 1
  %pieces = shl i64 %threads, 3
  %share = udiv i64 %n, %pieces
  %above = add i64 %share, 1023
  %rounded = and i64 %above, -1024
  %capped = call i64 @llvm.umin.i64(i64 %rounded, i64 65536)
  %piece = call i64 @llvm.umax.i64(i64 %capped, i64 1024)
  ret i64 %piece
}

define internal void @claim_pieces() nounwind {
entry:
  %work = load ptr, ptr @work
  %context = load ptr, ptr @context
  %n = load i64, ptr @count
  %piece = load i64, ptr @piece
  br label %claim

claim:
  %start = atomicrmw add ptr @next, i64 %piece monotonic
  %left = icmp ult i64 %start, %n
  br i1 %left, label %one, label %done

one:
  %end = add i64 %start, %piece
  %stop = call i64 @llvm.umin.i64(i64 %end, i64 %n)
  call void %work(ptr %context, i64 %start, i64 %stop)
  br label %claim

done:
  ret void
}

; Wake two sleepers if there is more to do; each of them does the same.  So waking many takes as
; many steps as a tree is high, and few pieces wake few.
define internal void @rouse() nounwind {
entry:
  %sleepers = load atomic i32, ptr @sleepers seq_cst, align 4
  %any = icmp ne i32 %sleepers, 0
  br i1 %any, label %look, label %done

look:
  %next = load atomic i64, ptr @next monotonic, align 8
  %n = load i64, ptr @count
  %more = icmp ult i64 %next, %n
  br i1 %more, label %call, label %done

call:
  call void @wake(i32 2)
  br label %done

done:
  ret void
}

define internal void @wait_for_empty_gate() nounwind {
entry:
  br label %look

look:
  %looks = phi i32 [ 0, %entry ], [ %more, %relax ], [ %more, %yield ]
  %inside = load atomic i32, ptr @gate acquire, align 4
  %empty = icmp eq i32 %inside, 0
  br i1 %empty, label %done, label %again

again:
  %more = add i32 %looks, 1
  %patient = icmp ult i32 %more, 100
  br i1 %patient, label %relax, label %yield

relax:
  $relax
  br label %look

yield:
  ; A helper inside of a piece may need this very processor.
  %yielded = call i32 @sched_yield()
  br label %look

done:
  ret void
}

; Start the helpers that are missing.  They take no signals: those are for the program's threads.
define internal void @hire() nounwind {
entry:
  %all = alloca [128 x i8], align 16
  %before = alloca [128 x i8], align 16
  %running = load i32, ptr @running
  %helpers = load atomic i32, ptr @helpers monotonic, align 4
  %lacking = icmp ult i32 %running, %helpers
  br i1 %lacking, label %mask, label %done

mask:
  %filled = call i32 @sigfillset(ptr %all)
  %masked = call i32 @pthread_sigmask(i32 $sig_setmask, ptr %all, ptr %before)
  ; A helper starts as one that has not seen the region that is about to open.
  %generation = load atomic i32, ptr @generation monotonic, align 4
  %number = zext i32 %generation to i64
  %seen = inttoptr i64 %number to ptr
  br label %start

start:
  %worker = phi i32 [ %running, %mask ], [ %next, %started ]
  %place = getelementptr [$most_helpers x i64], ptr @workers, i64 0, i32 %worker
  %failed = call i32 @pthread_create(ptr %place, ptr null, ptr @help, ptr %seen)
  %good = icmp eq i32 %failed, 0
  br i1 %good, label %started, label %refused

started:
  %next = add i32 %worker, 1
  %missing = icmp ult i32 %next, %helpers
  br i1 %missing, label %start, label %unmask

refused:
  ; The system gives no more threads; do not ask again each time.
  store atomic i32 %worker, ptr @helpers monotonic, align 4
  br label %unmask

unmask:
  %hired = phi i32 [ %next, %started ], [ %worker, %refused ]
  store i32 %hired, ptr @running
  %unmasked = call i32 @pthread_sigmask(i32 $sig_setmask, ptr %before, ptr null)
  br label %done

done:
  ret void
}

; The life of a helper.
define internal ptr @help(ptr %first) nounwind {
entry:
  %first_number = ptrtoint ptr %first to i64
  %first_seen = trunc i64 %first_number to i32
  br label %idle

idle:
  %seen = phi i32 [ %first_seen, %entry ], [ %now, %leave ]
  %now = call i32 @await(i32 %seen)
  %stop = load atomic i32, ptr @stop acquire, align 4
  %over = icmp ne i32 %stop, 0
  br i1 %over, label %end, label %enter

enter:
  %gate = atomicrmw add ptr @gate, i32 1 acquire
  %open = and i32 %gate, 1073741824
  %late = icmp eq i32 %open, 0
  br i1 %late, label %leave, label %work

work:
  call void @rouse()
  call void @claim_pieces()
  br label %leave

leave:
  %left = atomicrmw sub ptr @gate, i32 1 release
  br label %idle

end:
  ret ptr null
}

; Return the generation once it is not the one that was seen: watch it for a while, then sleep.
define internal i32 @await(i32 %seen) nounwind {
entry:
  %since = call i64 @nanoseconds()
  %until = add i64 %since, $spin_nanoseconds
  br label %watch

watch:
  %looks = phi i32 [ 0, %entry ], [ %more, %relax ], [ 0, %clock ]
  %current = load atomic i32, ptr @generation acquire, align 4
  %changed = icmp ne i32 %current, %seen
  br i1 %changed, label %new, label %relax

relax:
  $relax
  %more = add i32 %looks, 1
  %often = icmp ult i32 %more, 32
  br i1 %often, label %watch, label %clock

clock:
  ; The caller may be waiting for this very processor.
  %yielded = call i32 @sched_yield()
  %now = call i64 @nanoseconds()
  %left = sub i64 %until, %now
  %early = icmp sgt i64 %left, 0
  br i1 %early, label %watch, label %bed

bed:
  %lay = atomicrmw add ptr @sleepers, i32 1 seq_cst
  br label %sleep

sleep:
  call void @sleep_while(i32 %seen)
  %later = load atomic i32, ptr @generation seq_cst, align 4
  %same = icmp eq i32 %later, %seen
  br i1 %same, label %sleep, label %up

up:
  %rose = atomicrmw sub ptr @sleepers, i32 1 seq_cst
  br label %new

new:
  %result = phi i32 [ %current, %watch ], [ %later, %up ]
  ret i32 %result
}

define internal i64 @nanoseconds() nounwind {
  %time = alloca { i64, i64 }, align 8
  %failed = call i32 @clock_gettime(i32 $monotonic_clock, ptr %time)
  %seconds = load i64, ptr %time
  %place = getelementptr { i64, i64 }, ptr %time, i64 0, i32 1
  %rest = load i64, ptr %place
  %whole = mul i64 %seconds, 1000000000
  %sum = add i64 %whole, %rest
  ret i64 %sum
}

; End all helpers, and want as many as are given from now on.  Return 0, and do nothing, while the
; pool is in use.
define i32 @symacts_pool_resize(i32 %helpers) nounwind {
entry:
  %lock = cmpxchg ptr @busy, i32 0, i32 1 acquire monotonic
  %mine = extractvalue { i32, i1 } %lock, 1
  br i1 %mine, label %end, label %refuse

refuse:
  ret i32 0

end:
  %running = load i32, ptr @running
  store atomic i32 1, ptr @stop release, align 4
  %called = atomicrmw add ptr @generation, i32 1 seq_cst
  call void @wake(i32 2147483647)
  br label %check

check:
  %worker = phi i32 [ 0, %end ], [ %next, %join ]
  %some = icmp ult i32 %worker, %running
  br i1 %some, label %join, label %done

join:
  %place = getelementptr [$most_helpers x i64], ptr @workers, i64 0, i32 %worker
  %thread = load i64, ptr %place
  %joined = call i32 @pthread_join(i64 %thread, ptr null)
  %next = add i32 %worker, 1
  br label %check

done:
  store i32 0, ptr @running
  store atomic i32 0, ptr @stop release, align 4
  store atomic i32 %helpers, ptr @helpers monotonic, align 4
  store atomic i32 0, ptr @busy release, align 4
  ret i32 1
}

; In a process that was just forked only the forking thread lives: there are no helpers, and whoever
; had the pool is gone.
define void @symacts_pool_reset() nounwind {
  store i32 0, ptr @running
  store atomic i32 0, ptr @stop monotonic, align 4
  store atomic i32 0, ptr @gate monotonic, align 4
  store atomic i32 0, ptr @sleepers monotonic, align 4
  call void @prepare_sleep()
  store atomic i32 0, ptr @busy release, align 4
  ret void
}

define i32 @symacts_pool_helpers() nounwind {
  %helpers = load atomic i32, ptr @helpers monotonic, align 4
  ret i32 %helpers
}

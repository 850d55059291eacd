/* The parts of Limiter (src/limiter/limiter.cpp) and SharedState that the protocol depends on: the
 * references, the delivery of decisions, and the order of changes to the timer. */

byte references_ = 1;            /* held by the bulkhead */
bool woken[WAITERS];             /* Waiter::wake() */
byte timerTurns_;
byte timer;                      /* the one timer: the generation for which it is set; 0: not set */
byte timerTime;                  /* when it expires */

inline addRef() {
  d_step { touch(); references_++ }
}

inline unref() {
  d_step {
    touch();
    references_--;
    if
    :: references_ == 0 ->
       assert(!mutex_ && len(queue_) == 0 && len(drains_) == 0);
       assert(holds[0] + holds[1] + holds[2] == 0);
       freed = true
    :: else
    fi
  }
}

/* Notifies one ready waiter. This ends the waiter's lifetime, so it may happen only once. */
inline wake(waiter) {
  d_step { assert(!woken[waiter]); woken[waiter] = true; ready = ready & ~(1 << waiter) }
}

/* Notifies in any order, which includes that of the library. Nested deliver() calls only limit the depth
 * of the stack and are not modelled. */
inline deliver() {
  do
#if LIMITED
  :: atomic {
       ready != 0 ->
       if
       :: ready & 1 -> call = 0
       :: ready & 2 -> call = 1
       :: ready & 4 -> call = 2
       :: ready & 8 -> call = 3
       fi
     };
     if
     :: call < LIMITED && verdict[call] != Granted -> refuse(call)
     :: else
     fi;
     wake(call);
     call = 0
  :: atomic {
       overdue != 0 ->
       if
       :: overdue & 1 -> call = 0
       :: overdue & 2 -> call = 1
       fi;
       overdue = overdue & ~(1 << call)
     };
     overrun(call);
     call = 0
#else
  :: ready & 1 -> wake(0)
  :: ready & 2 -> wake(1)
  :: ready & 4 -> wake(2)
  :: ready & 8 -> wake(3)
#endif
#if TIMER
  :: ready == 0 && overdue == 0 && tends -> tendTimerQuietly()
#endif
  :: ready == 0 && overdue == 0 && !tends -> break
  od;
  if :: lastOut -> lastOut = false; unref() :: else fi
}

inline leaveLocked_() {
  addRef();                      /* while the permits are still held, which keep the state alive */
  leaveLocked();
  deliver();
  unref()
}

/* The permits are held by a call that has run. */
inline finish() {
  leave();
  if
  :: !done -> leaveLocked_()
  :: else -> done = false
  fi
}

/* One slice. `again`: another one follows. */
inline timerExpired(number) {
  timerEnded(number);
  now = clock;
  expire();
  if
  :: again -> d_step { owed_ = owed_ - tends; tends = false }       /* the next slice sets it */
  :: else
  fi;
  deliver()
}

/* --- calls with an execution timeout ------------------------------------------------------------ */

#if LIMITED
inline beginTimed_(call, time) {
  beginTimed(call, time);
  if :: tends -> tendTimerQuietly() :: else fi
}

inline dropTimed_() {
  dropTimed();
  if :: tends -> tendTimerQuietly() :: else fi
}
#endif

/* --- timer -------------------------------------------------------------------------------------- */

#if TIMER
inline tendTimer(owes) {
  d_step { touch(); done = timerTurns_ == 0; timerTurns_++; owed_ = owed_ - owes; index = 1 };
  if
  :: done ->
     done = false;
     do
     :: doTimerStep();
        d_step { touch(); timerTurns_ = timerTurns_ - index; index = timerTurns_ };
        if :: index == 0 -> break :: else fi
     od
  :: else
  fi;
  index = 0
}

inline tendTimerQuietly() {
  tends = false;
  tendTimer(1)
}

/* setTimer() and cancelTimer() of TimerHost. A timer that is set holds a reference. */
inline doTimerStep() {
  planTimer();
  d_step {
    touch();
    if
    :: done ->
       references_ = references_ + (timer == 0);
       timer = generation + 1;
       timerTime = when
    :: more ->
       assert(references_ > 1 || timer == 0);        /* of this thread */
       references_ = references_ - (timer != 0);
       timer = 0;
       timerTime = 0
    :: else
    fi;
    done = false; more = false; generation = 0; when = 0
  }
}

inline callBegins() {
  idleTimer();
  if :: done -> done = false; tendTimer(0) :: else fi
}

inline timerBy(time) {
  d_step { touch(); done = tooLate(time) };
  if
  :: done -> done = false; requestTimer(time); tendTimer(0)
  :: else
  fi
}
#endif

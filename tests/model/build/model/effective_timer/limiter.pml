/* The parts of Limiter (src/limiter/limiter.cpp) and SharedState that the protocol depends on: the
 * references, the delivery of decisions, and the order of changes to the timer. */

byte references_ = 1;            /* held by the bulkhead */
bool woken[WAITERS];             /* Waiter::wake() */
byte timerTurns_;
byte timer;                      /* the one timer: the generation for which it is set; 0: not set */

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
  :: ready & 1 -> wake(0)
  :: ready & 2 -> wake(1)
  :: ready & 4 -> wake(2)
  :: ready & 8 -> wake(3)
#if TIMER
  :: ready == 0 && tends -> tends = false; tendTimer()
#endif
  :: ready == 0 && !tends -> break
  od;
  if :: lastOut -> lastOut = false; unref() :: else fi
}

inline leaveLocked_() {
  addRef();                      /* while the permits are still held, which keep the state alive */
  leaveLocked();
  deliver();
  unref()
}

inline timerExpired(number) {
  timerEnded(number);
  now = clock;
  expire();
  if :: more -> tends = false :: else fi;
  deliver()
}

/* --- timer -------------------------------------------------------------------------------------- */

#if TIMER
inline tendTimer() {
  d_step { touch(); done = timerTurns_ == 0; timerTurns_++; index = 1 };
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

/* setTimer() and cancelTimer() of TimedHost */
inline doTimerStep() {
  planTimer();
  if
  :: done -> timer = generation + 1
  :: more -> timer = 0
  :: else
  fi;
  d_step { done = false; more = false; generation = 0 }
}

inline callBegins() {
  idleTimer();
  if :: done -> done = false; tendTimer() :: else fi
}

inline timerBy() {
  d_step { touch(); done = now == 0 && !timerAt_ };     /* timerTooLate() */
  if
  :: done -> done = false; requestTimer(); tendTimer()
  :: else
  fi
}
#endif

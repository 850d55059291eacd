/* The parts of Compartment (src/compartment.cpp) and SharedState that the protocol depends on: the
 * references, the delivery of decisions, and the order of changes to the timer. */

byte references_ = 1;            /* held by the bulkhead */
bool woken[WAITERS];             /* Waiter::wake() */
byte alarmTurns_;
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

/* Notifies in any order, which includes that of the library. Nested act() calls only limit the depth
 * of the stack and are not modelled. */
inline act() {
  do
  :: ready & 1 -> wake(0)
  :: ready & 2 -> wake(1)
  :: ready & 4 -> wake(2)
  :: ready & 8 -> wake(3)
#if ALARM
  :: ready == 0 && rings -> rings = false; tendAlarm()
#endif
  :: ready == 0 && !rings -> break
  od;
  if :: lastOut -> lastOut = false; unref() :: else fi
}

inline leaveSlowly() {
  addRef();                      /* while the permits are still held, which keep the state alive */
  leaveLocked();
  act();
  unref()
}

inline ring(number) {
  alarmGone(number);
  now = clock;
  expire();
  if :: more -> rings = false :: else fi;
  act()
}

/* --- timer -------------------------------------------------------------------------------------- */

#if ALARM
inline tendAlarm() {
  d_step { touch(); done = alarmTurns_ == 0; alarmTurns_++; index = 1 };
  if
  :: done ->
     done = false;
     do
     :: carryOutAlarmPlan();
        d_step { touch(); alarmTurns_ = alarmTurns_ - index; index = alarmTurns_ };
        if :: index == 0 -> break :: else fi
     od
  :: else
  fi;
  index = 0
}

/* setAlarm() and cancelAlarm() of AsioCompartment */
inline carryOutAlarmPlan() {
  planAlarm();
  if
  :: done -> timer = generation + 1
  :: more -> timer = 0
  :: else
  fi;
  d_step { done = false; more = false; generation = 0 }
}

inline callBegins() {
  idleAlarm();
  if :: done -> done = false; tendAlarm() :: else fi
}

inline alarmBy() {
  d_step { touch(); done = now == 0 && !alarmAt_ };     /* alarmTooLate() */
  if
  :: done -> done = false; wishAlarm(); tendAlarm()
  :: else
  fi
}
#endif

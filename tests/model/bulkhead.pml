/* The users of a bulkhead, and what must hold when all of them have ended. A configuration is a set of
 * -D options of tests/model/check, which selects the processes below and what they do. */

#include "admission.pml"
#include "limiter.pml"
#include "waiting_call.pml"

bool alive = true;               /* the user's bulkhead object exists */
byte inside;                     /* calls inside one of its functions */
byte ended;                      /* callers that have ended */

/* The initiating function of a call: take(), then tryEnter(), then enter(). */
inline initiate() {
  result = 0;
#if LIMITED
  if
  :: me < LIMITED ->                              /* ExecuteInitiation::timed() */
     limitTime();
     take();
     if :: result == 0 -> result = Contended :: else fi
  :: else
  fi;
#endif
#if TAKE
  take();
#endif
#if LIMITED < CALLERS
  if
  :: result == 0 && mayWait -> tryEnter()
  :: result == 0 && !mayWait ->                   /* Limiter::enterNow() */
     full_();
     if :: done -> result = Rejected; done = false :: else -> tryEnter() fi
  :: else
  fi;
#endif
  if
  :: result == Contended ->
     addRef();
     d_step { now = clock };
#if TIMER
     if :: mayWait && me < TIMED -> timerBy(deadlineAfter(now, 1)) :: else fi;
#endif
     enter();
     deliver();
     now = 0;
     if
     :: result == Waiting && THREADS -> kept = true     /* a blocked thread keeps its reference */
     :: else -> unref()
     fi
  :: else
  fi
#if LIMITED
  ;
  if
  :: me < LIMITED && result != Granted && result != Waiting -> refuse(me)
  :: else
  fi
#endif
}

/* A queued call, which is notified once. A thread whose time limit passes asks for its verdict. */
inline wait() {
#if TIMED && THREADS
  if
  :: woken[me]
  :: me < TIMED && clock == 1 ->
     now = 1;
     addRef();
     giveUp(me);
     deliver();
     unref();
     now = 0;
     woken[me]
  fi;
#else
  woken[me];
#endif
  d_step { result = verdict[me]; verdict[me] = 0; woken[me] = false };
#if TIMER
  if
#ifndef MUTANT_begin_ignores_timer
  :: result == Granted -> callBegins()
#endif
  :: else
  fi;
#endif
  if :: kept -> kept = false; unref() :: else fi
}

proctype Caller(byte me) {
  REGISTERS;
  bool kept;
  bool lazy;
  byte calls;
#if LIMITED
  bool counted;
  bool told;
  byte due;
#endif
  do
  :: calls == ROUNDS -> break
  :: calls < ROUNDS ->
     calls++;
     d_step { weight = 1 + (me < HEAVY); weightOf[me] = weight };
#if TRIES
     if :: mayWait = true :: mayWait = false fi;
#else
     mayWait = true;
#endif
#if DESTROY
     atomic {
       if
       :: alive -> inside++
       :: alive -> references_++; lazy = true     /* initiated lazily: may begin after the destructor */
       :: !alive -> break
       fi
     };
     initiate();
     if
     :: lazy -> lazy = false; unref()
     :: else -> inside--
     fi;
#else
     initiate();
#endif
     mayWait = false;
     if :: result == Waiting -> wait() :: else fi;
     d_step { assert(result != 0 && result != Waiting && result != Contended);
              assert(result != Invalid || RESIZE) ; weightOf[me] = 0 };
     if
     :: result == Granted && me < HELD -> result = 0    /* never releases its permits */
     :: result == Granted && me >= HELD ->
#if LIMITED
        if
        :: me < LIMITED -> result = 0; run_()
        :: else -> d_step { result = 0; held = weight; assert(holds[me] == held); now = clock }; finish()
        fi;
#else
        d_step { result = 0; held = weight; assert(holds[me] == held); now = clock };
        finish();
#endif
        now = 0; held = 0
     :: else -> result = 0
     fi;
     weight = 0;
#if LIMITED
     if
     :: me < LIMITED ->
        d_step {
          !exists[me] -> assert(completed[me]);      /* once both parties have left */
          completed[me] = false; cancelled[me] = false
        }
     :: else
     fi
#endif
  od;
  ended++
}

#if CANCEL
/* The cancellation slots of the callers. Each may be cancelled once, at any time. The slots hold a
 * reference until the calls have ended. */
proctype Canceller() {
  REGISTERS;
  byte me = WAITERS - 1;
  byte victim;
  do
  :: victim < CALLERS ->
     if :: true -> now = clock; cancel(victim); deliver(); now = 0 :: true fi;
     victim++
  :: else -> break
  od;
  ended == CALLERS;
  unref()
}
#endif

#if RESIZE
proctype Resizer() {
  REGISTERS;
  byte me = WAITERS - 1;
  byte permits;
  byte resizes;
  do
  :: resizes < RESIZE ->
     resizes++;
     if :: permits = 1 :: permits = 2 :: permits = 3 fi;
     now = clock;
     addRef();
     configure(permits);
     permits = 0;
     deliver();
     unref();
     now = 0
  :: else -> break
  od
}
#endif

#if EFFECTIVE
/* A controller. It ends with a limit under which every call can run. */
proctype Controller() {
  REGISTERS;
  byte me = WAITERS - 1;
  byte permits;
  byte changes;
  do
  :: changes <= EFFECTIVE ->
     if
     :: changes == EFFECTIVE -> permits = 2
     :: changes < EFFECTIVE -> if :: permits = 0 :: permits = 1 :: permits = 3 fi
     fi;
     changes++;
     now = clock;
     addRef();
     setEffectiveLimit(permits);
     permits = 0;
     deliver();
     unref();
     now = 0
  :: else -> break
  od
}
#endif

#if DRAIN
proctype Drainer() {
  REGISTERS;
  byte me = DRAINER;
  bool limited;
#if !RESUME                      /* with a resume(), only a drain that waits is of interest */
  if :: limited = true :: limited = false fi;
#endif
  now = clock;
  addRef();
  drain(limited);
  limited = false;
  deliver();
  unref();
  now = 0;
  woken[me];
  d_step { assert(verdict[me] != Granted || resumed || inUse(word_) == 0) }
}

#endif

#if RESUME
proctype Resumer() {
  REGISTERS;
  byte me = WAITERS - 1;
  resume();
  deliver()
}
#endif

#if DESTROY
/* The destructor. No call is inside a function of the bulkhead, and none will enter one. */
proctype Destroyer() {
  REGISTERS;
  byte me = WAITERS - 1;
  bool idle;
  atomic { inside == 0 -> alive = false };
  addRef();
  close();
  idle = done;
  done = false;
  deliver();
  if :: idle -> unref() :: else fi;
  unref()
}
#endif

#if TIMED || LIMITED
/* The last time may never come. Where work may wait for its cancellation, it does. */
proctype Clock() {
  do
  :: atomic { clock < HORIZON -> clock++; if :: clock == HORIZON -> break :: else fi }
#if !LIMITED
  :: break
#endif
  od
}
#endif

#if TIMER
proctype Timer() {
  REGISTERS;
  byte me = WAITERS - 1;
  byte number;
  do
  :: atomic {
       timer != 0 && clock >= timerTime ->
       number = timer - 1; timer = 0; timerTime = 0; expiring = true
     };
     do
     :: timerExpired(number);
        if :: again -> again = false :: else -> break fi
     od;
     atomic { now = 0; number = 0; expiring = false; unref() }       /* of the timer */
  :: ended == CALLERS && (timer == 0 || clock < timerTime) -> break
  od
}
#endif

init {
  atomic {
    run Caller(0);
#if CALLERS > 1
    run Caller(1);
#endif
#if CALLERS > 2
    run Caller(2);
#endif
#if CANCEL
    references_++;
    run Canceller();
#endif
#if RESIZE
    run Resizer();
#endif
#if EFFECTIVE
    run Controller();
#endif
#if DRAIN
    run Drainer();
#endif
#if RESUME
    run Resumer();
#endif
#if DESTROY
    run Destroyer();
#endif
#if TIMED || LIMITED
    run Clock();
#endif
#if TIMER
    run Timer();
#endif
  };
  _nr_pr == 1 ->
  d_step {
    balanced();
    assert(HELD || inUse(word_) == 0);
    assert(len(queue_) == 0 && queued_ == 0 && (word_ & waiting) == 0);
#if TIMER
    assert(timer == 0 && (word_ & idleTimerFlag) == 0);       /* no timer keeps run() from returning */
    assert(owed_ == 0 && !expiring);
#endif
#if LIMITED
    assert(timed_ == 0 && overdue_ == 0 && firstToRun == never);
#endif
#if DESTROY
    assert(freed);
#else
    assert(!freed && references_ == 1);
#endif
  }
}

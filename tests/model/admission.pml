/* The admission core of include/bulwark/detail/core/admission.hpp and src/core/admission.cpp. An inline models
 * the function of the same name, so that both can be read side by side. (`full` is a keyword of
 * Promela, hence full_.)
 *
 * One step, d_step { touch(); ... }, is one operation on one atomic of the C++. The holder of the lock
 * reads and writes what only it changes (the lists, a waiter's verdict, the limit, the number of
 * queued calls) in an adjacent step: no other thread can observe the difference.
 *
 * An inline has no return value. Results are in the registers of the process that runs it: `result`
 * is the verdict of an entry, `done` the result of a bool function, and `ready` (one bit for each
 * waiter), `tends` and `lastOut` are the Wakeups. A register that is not read again is set to 0. */

/* --- the word: without the mode, and with 2 bits of generation, enough for 3 changes ---------------- */

#define waiting 1
#define closed 2
#define destroyed 4
#define idleTimerFlag 8
#define generationOne 16
#define generationMask 48
#define inUseShift 6
#define entryFlags (waiting | closed | destroyed)
#define leaveFlags (waiting | closed | destroyed | idleTimerFlag)
#define inUse(word) ((word) >> inUseShift)
#define inUnits(permits) ((permits) << inUseShift)

mtype = { Waiting, Granted, Rejected, TimedOut, Cancelled, Drained, Aborted, Invalid, Contended,
          Overdue };

#define DRAINER 3                /* the waiter of a drain */
#define WAITERS 4

/* --- time: the clock goes from 0 to HORIZON, which is 1 or 2 --------------------------------------- */

#define never 3
#define deadlineAfter(start, duration) ((start) + (duration) > HORIZON -> never : (start) + (duration))
#define min(a, b) ((a) <= (b) -> (a) : (b))

short word_;
byte limit_ = PERMITS;           /* the lower of the two below */
byte ceiling_ = PERMITS;
byte effectiveLimit_ = 9;        /* none has been set */
byte queued_;
byte maxQueueSize_ = MAX_QUEUE;  /* constant */
bool mutex_;
chan queue_ = [3] of { byte };
chan drains_ = [1] of { byte };
byte clock;
byte timerAt_ = never;           /* when the timer expires; never: it is not set */
byte requested_ = never;
byte timerGeneration_;

/* A waiter's fields, and the weight of its call. */
mtype verdict[WAITERS];
byte weightOf[WAITERS];
byte deadline[WAITERS] = never;  /* of a call in the queue */
bool linked[WAITERS];            /* its CancelLink points to it */

#if LIMITED
byte running[LIMITED] = never;   /* the deadline of a call that runs and is in time */
byte timed_;                     /* calls since noteTimed(), the overdue ones excepted */
byte overdue_;                   /* calls that run and are overdue */
#endif

/* --- variables that exist only to state the properties ------------------------------------------ */

bool freed;                      /* the state has been freed */
byte holds[WAITERS];             /* permits that a call was granted and has not released */
byte limitBefore = PERMITS;            /* also in force until the change under way steps the generation */
bool slicing;                    /* expire() left waiting calls to another slice */
bool resumed;
byte owed_;                      /* threads that have to tend the timer, or are doing so */
bool expiring;                   /* an expiry of the timer is under way */

#define firstDeadline min(min(deadline[0], deadline[1]), deadline[2])
#define nextDue() (firstDeadline <= now)
#if LIMITED > 1
#define firstToRun min(running[0], running[1])
#elif LIMITED
#define firstToRun running[0]
#else
#define firstToRun never
#endif
#define nextOverdue() (firstToRun <= now)
#define nextExpiry() min(firstDeadline, firstToRun)
#define tooLate(deadline) ((deadline) < timerAt_)
#define belowCeiling() (limit_ < ceiling_)
#if LIMITED
#define hasTimed() (timed_ != 0 && (word_ & destroyed) == 0)
#else
#define hasTimed() false
#endif

#define touch() assert(!freed)

/* No permit is lost or duplicated. Checked outside of the lock, under which permits change hands. */
#define balanced() assert(inUse(word_) == holds[0] + holds[1] + holds[2])

/* No limit is exceeded. Asserted for every grant, in the step that raises the word. */
#define withinLimit() assert(inUse(word_) <= limit_ || inUse(word_) <= limitBefore)

#define REGISTERS \
  short word; short next; byte limit; byte weight; bool mayWait; byte held; byte head; byte ready; \
  byte index; bool done; bool tends; bool begins; bool lastOut; bool more; bool again; bool idles; byte now; \
  byte generation; byte when; byte overdue; byte call; mtype result

inline lock() {
  d_step { !mutex_ || freed -> touch(); mutex_ = true }
}

/* Asserts the invariants that hold while the lock is free. */
inline unlock() {
  d_step {
    touch();
    balanced();
    assert(queued_ == len(queue_));
    assert(((word_ & waiting) != 0) == (len(queue_) != 0));
    if
    :: len(queue_) != 0 ->                          /* no call waits that fits */
       queue_?<head>;
       assert(slicing || inUse(word_) + weightOf[head] > limit_);
       head = 0
    :: else
    fi;
#if TIMER
    /* The plan of the timer is in time for every deadline, and the timer is set as planned; or a
     * thread is about to see to it. */
    head = nextExpiry();
    assert(!tooLate(head) || owed_ != 0 || timerTurns_ != 0 || expiring);
    head = 0;
    assert(timerAt_ == never || (timer == timerGeneration_ + 1 && timerTime == timerAt_) ||
           timerTurns_ != 0 || expiring);
#endif
    idles = false;
    mutex_ = false
  }
}

/* --- entry and release without the lock --------------------------------------------------------- */

#if defined(MUTANT_barging)
#define flagsOfEntry (closed | destroyed)
#elif defined(MUTANT_closed_ignored)
#define flagsOfEntry (waiting | destroyed)
#else
#define flagsOfEntry entryFlags
#endif
#define fits(word, weight, limit) \
  (((word) & flagsOfEntry) == 0 && weight - 1 < limit && inUse(word) <= limit - weight)

/* word_.compare_exchange(word, word + inUnits(weight)) by a new call */
inline addWeight() {
  d_step {
    touch();
    if
    :: word_ == word ->
       word_ = word + inUnits(weight);
       assert(len(queue_) == 0);                     /* no call is overtaken */
       assert((word_ & closed) == 0);
       withinLimit();
       holds[me] = weight;
       if :: !mutex_ -> balanced() :: else fi;
       result = Granted
    :: else -> word = word_
    fi;
    limit = 0
  }
}

inline take() {
  d_step { touch(); word = word_ };
  do
  :: result == Granted -> break
  :: else ->
     d_step { touch(); limit = limit_ };
     if
     :: fits(word, weight, limit) -> addWeight()
     :: else -> break
     fi
  od;
  atomic { word = 0; limit = 0 }
}

inline full_() {
  d_step { touch(); word = word_ };
  d_step {
    touch();
    done = (word & entryFlags) == 0 && !fits(word, weight, limit_);
    word = 0
  }
}

inline tryEnter() {
  d_step { touch(); word = word_; result = 0 };
  do
  :: result != 0 -> break
  :: else ->
     d_step { touch(); limit = limit_ };
     if
     :: fits(word, weight, limit) -> addWeight()
     :: else -> decideWithoutRoom()
     fi
  od;
  atomic { word = 0; limit = 0 }
}

inline decideWithoutRoom() {
  if
  :: (word & destroyed) != 0 -> result = Aborted
  :: else ->
     d_step {
       touch();
#ifdef MUTANT_effective_rejects
       limit = limit_;
#else
       limit = ceiling_;
#endif
       if
       :: weight > limit -> result = Invalid
       :: weight <= limit && (word & closed) != 0 -> result = Drained
       :: else
       fi
     }
     if
     :: result == 0 ->
        d_step {
          touch();
          if
          :: queued_ >= maxQueueSize_ -> result = Rejected
          :: queued_ < maxQueueSize_ && (word & waiting) == 0 && !mayWait -> result = Rejected
          :: else -> result = Contended
          fi
        }
     :: else
     fi
  fi
}

inline leave() {
  d_step { touch(); word = word_ };
  do
  :: atomic { next = word - inUnits(held); done = true };
#ifndef MUTANT_leave_ignores_waiting
     if
     :: (next & leaveFlags) != 0 -> done = false
     :: else
     fi;
#endif
#ifndef MUTANT_early_release
     if :: !done -> break :: else fi;
#endif
     d_step {
       touch();
       if
       :: word_ == word ->
          word_ = next;
          holds[me] = 0;
          if :: !mutex_ -> balanced() :: else fi;
          word = 0
       :: else -> word = word_; next = 0
       fi
     };
     if
     :: word == 0 -> if :: !done -> held = 0 :: else fi; break
     :: else
     fi
  od;
  atomic { word = 0; next = 0 }
}

/* --- functions that take the lock --------------------------------------------------------------- */

inline enter() {
  lock();
  d_step { touch(); requested_ = never };
  settleQueue();
  do
  :: tryEnter();
     if
     :: result == Contended && mayWait ->
        d_step { touch(); word = word_; done = true };
        if
        :: (word & waiting) == 0 ->
#ifndef MUTANT_no_second_look
           if
           :: (word & entryFlags) != 0 || inUse(word) + weight <= limit_ -> done = false
           :: else ->
#else
           if
           :: true ->
#endif
              d_step {
                touch();
#ifdef MUTANT_no_second_look
                word_ = word_ | waiting       /* a fetch_or, which ignores releases in between */
#else
                if
                :: word_ == word -> word_ = word | waiting
                :: else -> done = false
                fi
#endif
              }
           fi
        :: else
        fi;
        word = 0;
        if
        :: done -> queue(); break
        :: else
        fi
     :: result == Contended && !mayWait -> result = Rejected; break
     :: else -> break
     fi
  od;
  skip;
  noteTimer();
  unlock()
}

inline queue() {
  d_step {
    touch();
    verdict[me] = Waiting;
    deadline[me] = (me < TIMED -> deadlineAfter(now, 1) : never);
    linked[me] = true;
    queue_!me;
    queued_ = queued_ + 1;
    result = Waiting;
    done = false
  }
}

inline leaveLocked() {
  lock();
  d_step {
    touch();
    word_ = word_ - inUnits(held);
    holds[me] = 0;
    held = 0
  };
  settleQueue();
  d_step { touch(); word = word_ };
  if
  :: (word & closed) != 0 && inUse(word) == 0 ->
#ifndef MUTANT_drains_forgotten
     takeOutAll(drains_, Granted);
#endif
#ifndef MUTANT_last_out_ignored
     lastOut = (word & destroyed) != 0
#endif
  :: else
  fi;
  word = 0;
  noteTimer();
  unlock()
}

inline cancel(waiter) {
  lock();
  if
  :: linked[waiter] ->
     takeOut(waiter, Cancelled);
#ifndef MUTANT_leaving_head_hides
     settleQueue();
#endif
     noteTimer()
  :: else
  fi;
  unlock()
}

inline unlink(waiter) {
  d_step { !mutex_ || freed -> touch(); linked[waiter] = false }
}

inline giveUp(waiter) {
  lock();
#ifdef MUTANT_timeout_after_grant
  if
  :: true ->
#else
  if
  :: verdict[waiter] == Waiting ->
#endif
     takeOut(waiter, TimedOut);
     settleQueue();
     noteTimer()
  :: else
  fi;
  unlock()
}

inline idleTimer() {
  d_step { touch(); done = (word_ & idleTimerFlag) != 0 }
}

/* Each slice expires one waiter, or one call that runs. */
inline expire() {
  lock();
  if
  :: nextDue() -> earliest(); takeOut(head, TimedOut); head = 0
  :: else -> done = true
  fi;
  d_step { again = nextDue(); slicing = again };
  if :: !again -> admit() :: else fi;
#if LIMITED
  d_step {
    if
    :: done && nextOverdue() ->
       touch();
       index = (running[0] == firstToRun -> 0 : 1);
#ifndef MUTANT_overdue_stays_in_line
       running[index] = never;
#endif
       assert(exists[index]);
       assert(verdict[index] != Overdue);            /* reported once */
       assert((word_ & destroyed) == 0);             /* no timeout fires after destruction */
       verdict[index] = Overdue;
       assert(timed_ != 0);
#ifndef MUTANT_overdue_keeps_timer
       timed_--;
#endif
       overdue_++;
#ifdef MUTANT_overdue_gives_back
       word_ = word_ - inUnits(holds[index]);
       holds[index] = 0;
#endif
       overdue = overdue | (1 << index);
       index = 0
    :: else
    fi
  };
  again = again || nextOverdue();
#endif
  done = false;
#ifndef MUTANT_expiry_sets_no_timer
  noteTimer();
#endif
  unlock()
}

inline drain(limited) {
  lock();
  removeExpired();
  d_step { touch(); word = word_; word_ = word_ | closed };
  takeOutAll(queue_, Drained);
  if
  :: (word & destroyed) != 0 -> verdict[DRAINER] = Aborted
#ifndef MUTANT_drain_of_idle_waits
  :: (word & destroyed) == 0 && inUse(word) == 0 -> verdict[DRAINER] = Granted
  :: (word & destroyed) == 0 && inUse(word) != 0 && limited -> verdict[DRAINER] = TimedOut
#endif
  :: else -> d_step { verdict[DRAINER] = Waiting; drains_!DRAINER }
  fi;
  if :: verdict[DRAINER] != Waiting -> ready = ready | (1 << DRAINER) :: else fi;
  word = 0;
  noteTimer();
  unlock()
}

inline resume() {
  lock();
  d_step { touch(); word = word_ };
  if
  :: (word & destroyed) == 0 ->
     d_step { touch(); word_ = word_ & ~closed; resumed = true };
#ifndef MUTANT_resume_forgets_drains
     takeOutAll(drains_, Aborted);
#endif
     noteTimer()
  :: else
  fi;
  word = 0;
  unlock()
}

inline configure(permits) {
  lock();
  removeExpired();
  d_step { touch(); ceiling_ = permits };
  publishLimit();
  index = 0;
  do
  :: index < CALLERS ->
     if
     :: verdict[index] == Waiting && weightOf[index] > ceiling_ -> takeOut(index, Rejected)
     :: else
     fi;
     index++
  :: else -> index = 0; break
  od;
  admit();
  noteTimer();
  unlock()
}

inline setEffectiveLimit(permits) {
  lock();
  d_step { touch(); effectiveLimit_ = permits };
  publishLimit();
#ifndef MUTANT_raise_admits_none
  settleQueue();
  noteTimer();
#endif
  unlock()
}

inline publishLimit() {
  d_step {
    touch();
    limitBefore = limit_;
    limit_ = (ceiling_ < effectiveLimit_ -> ceiling_ : effectiveLimit_)
  };
#ifdef MUTANT_no_generation_step
  limitBefore = limit_
#else
  stepGeneration()
#endif
}

inline stepGeneration() {
  d_step { touch(); word = word_ };
  do
  :: atomic { next = (word & ~generationMask) | ((word + generationOne) & generationMask) };
     d_step {
       touch();
       if
       :: word_ == word -> word_ = next; limitBefore = limit_; next = 0; word = 0; done = true
       :: else -> word = word_; next = 0
       fi
     };
     if :: done -> done = false; break :: else fi
  od
}

inline close() {
  lock();
  d_step {
    touch();
    word = word_;
    word_ = word_ | closed | destroyed
  };
  takeOutAll(queue_, Aborted);
  takeOutAll(drains_, Aborted);
#if LIMITED && !defined(MUTANT_close_keeps_timed)
  forgetTimed();
#endif
  noteTimer();
#ifdef MUTANT_close_frees_busy
  done = true;
#else
  done = inUse(word) == 0;
#endif
  word = 0;
  unlock()
}

/* --- calls with an execution timeout ------------------------------------------------------------ */

#if LIMITED
inline noteTimed() {
  d_step { touch(); timed_++ }
}

inline beginTimed(call, time) {
  lock();
  d_step {
    touch();
    if
    :: (word_ & destroyed) == 0 -> running[call] = time
    :: else
    fi
  };
#ifndef MUTANT_begin_sets_no_timer
  noteTimer();
#endif
  unlock()
}

/* `done`: the work has ended in time */
inline endTimed(call) {
  lock();
  d_step {
    touch();
    done = verdict[call] != Overdue;
    if
#ifndef MUTANT_end_keeps_overdue
    :: !done -> assert(overdue_ != 0); overdue_--
#endif
#ifndef MUTANT_end_stays_in_line
    :: done -> running[call] = never
#endif
    :: else
    fi
  };
  unlock()
}

inline dropTimed() {
  d_step { touch(); assert(timed_ != 0); timed_--; done = timed_ == 0 };
  if
#ifndef MUTANT_drop_keeps_timer
  :: done -> done = false; lock(); noteTimer(); unlock()
#endif
  :: else -> done = false
  fi
}

inline forgetTimed() {
  d_step {
    touch();
    running[0] = never;
#if LIMITED > 1
    running[1] = never
#endif
  }
}
#endif

/* --- functions that need the lock to be held ---------------------------------------------------- */

inline settleQueue() {
  if
  :: queued_ != 0 || len(drains_) != 0 -> removeExpired(); admit()
  :: else
  fi
}

/* Of equal deadlines any may be the earliest. */
inline earliest() {
  if
  :: deadline[0] == firstDeadline -> head = 0
  :: deadline[1] == firstDeadline -> head = 1
  :: deadline[2] == firstDeadline -> head = 2
  fi
}

inline removeExpired() {
#if TIMED
  do
  :: nextDue() -> earliest(); takeOut(head, TimedOut); head = 0
  :: else -> break
  od;
  slicing = false
#else
  skip
#endif
}

inline admit() {
  do
  :: len(queue_) != 0 ->
     d_step {
       touch();
       queue_?<head>;
       word = word_;
#ifdef MUTANT_unsigned_room                       /* ignores used > limit: limit - used wraps */
       done = weightOf[head] <= ((limit_ - inUse(word)) & 255);
#else
       done = weightOf[head] <= limit_ - inUse(word);
#endif
       word = 0
     };
     if
     :: done ->
        d_step {
          touch();
          word_ = word_ + inUnits(weightOf[head]);
          withinLimit();
          done = false;
#if TIMER
          begins = true
#endif
        };
        takeOut(head, Granted);
        head = 0
     :: else -> head = 0; break
     fi;
#ifdef MUTANT_admit_one
     break
#endif
  :: else -> break
  od;
  skip
}

inline takeOut(waiter, why) {
  d_step {
    touch();
    assert(verdict[waiter] == Waiting);           /* each waiter is decided once */
    verdict[waiter] = why;
#ifndef MUTANT_link_outlives_queue
    linked[waiter] = false;
#endif
    deadline[waiter] = never;
    if
    :: waiter == DRAINER -> drains_??eval(waiter)
    :: else ->
       if
       :: why == Granted ->
          queue_?<next>; assert(next == waiter); next = 0;   /* first in, first out */
          holds[waiter] = weightOf[waiter]
       :: else
       fi;
       queue_??eval(waiter);
       queued_ = queued_ - 1
    fi;
    ready = ready | (1 << waiter)
  };
  if
  :: waiter != DRAINER && queued_ == 0 -> d_step { touch(); word_ = word_ & ~waiting }
  :: else
  fi
}

inline takeOutAll(list, why) {
  do
  :: len(list) != 0 -> list?<head>; takeOut(head, why); head = 0
  :: else -> break
  od;
  skip
}

/* --- timer -------------------------------------------------------------------------------------- */

/* `idles` is in use until unlock(). */
inline noteTimer() {
#if TIMER
  d_step {
    touch();
    when = nextExpiry();
    idles = when == never && timerAt_ != never && !hasTimed();
    if
    :: !tends && (tooLate(when) || (idles && !begins)) -> tends = true; owed_++
    :: else
    fi;
#ifdef MUTANT_grant_keeps_timer
    idles = false;
#endif
    idles = idles && begins;
    begins = false; when = 0
  };
  setIdleTimer(idles)
#else
  skip
#endif
}

inline setIdleTimer(value) {
  if
  :: value != ((word_ & idleTimerFlag) != 0) -> d_step { touch(); word_ = word_ ^ idleTimerFlag }
  :: else
  fi
}

/* `done`: set the timer for `when`; `more`: cancel it; neither: keep it */
inline planTimer() {
  lock();
  d_step {
    touch();
    when = nextExpiry();
    if
    :: inUse(word_) != 0 || belowCeiling() -> when = min(when, requested_)
    :: else
    fi;
    requested_ = never;
    done = tooLate(when);
    more = when == never && timerAt_ != never && !hasTimed();
    if
    :: !done && !more -> when = 0
    :: else
    fi
  };
  if
  :: done || more ->
     d_step {
       touch();
       timerAt_ = when;
       timerGeneration_ = (timerGeneration_ + 1) % 8;
       generation = timerGeneration_
     };
     setIdleTimer(false)
  :: else
  fi;
  unlock()
}

inline requestTimer(time) {
  d_step { !mutex_ || freed -> touch(); requested_ = min(requested_, time) }
}

inline timerEnded(generation) {
  lock();
  if
  :: generation == timerGeneration_ ->
     d_step { touch(); timerAt_ = never };
     setIdleTimer(false)
  :: else
  fi;
  unlock()
}

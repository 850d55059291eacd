/* The admission core, as include/bulwark/detail/admission.hpp and src/admission.cpp have it: an
 * inline here is the function of that name there, and they are to be read side by side. (full is a
 * word of Promela: full_.)
 *
 * One step is one operation on one atomic of the C++: d_step { touch(); ... }. What only the holder
 * of the lock changes (the lists, a waiter's verdict, the limit, the number of the queued) is read
 * and written by the holder in the step next to it: nobody else could tell the difference.
 *
 * An inline returns nothing. Results are in the registers of the process that runs it: `result`,
 * the verdict of an entry; `done`, what a bool function returns; `ready` (a bit a waiter), `rings`
 * and `lastOut`, the Wakeups. A register is 0 whenever nobody reads it again. */

/* --- the word: no mode, and 2 bits of version: no configuration resizes 4 times ----------------- */

#define waiting 1
#define closed 2
#define destroyed 4
#define idleAlarmFlag 8
#define versionOne 16
#define versionMask 48
#define inUseShift 6
#define entryFlags (waiting | closed | destroyed)
#define leaveFlags (waiting | closed | destroyed | idleAlarmFlag)
#define inUse(word) ((word) >> inUseShift)
#define inUnits(permits) ((permits) << inUseShift)

mtype = { Waiting, Granted, Rejected, TimedOut, Cancelled, Drained, Aborted, Invalid, Contended };

#define CALLERS 3
#define DRAINER CALLERS          /* the waiter that waits for the end of a drain */
#define WAITERS 4

short word_;
byte limit_ = 2;
byte queued_;
byte maxQueueSize_ = MAX_QUEUE;  /* not changed */
bool mutex_;
chan queue_ = [CALLERS] of { byte };
chan drains_ = [1] of { byte };
bit clock;                       /* a time limit is 1: what begins at 0 is overdue at 1 */
bool alarmAt_;                   /* set to ring at 1; false: never */
bool wish_;
byte alarmGeneration_;

/* A waiter's fields, and the weight of its call. */
mtype verdict[WAITERS];
byte weightOf[WAITERS];
bool deadline[WAITERS];          /* it has one: 1 */
bool linked[WAITERS];              /* its CancelLink points to it */

/* --- what the library does not have: to state the properties with ------------------------------- */

bool freed;                      /* the state */
byte holds[WAITERS];             /* permits that a call was granted and has not given back */
byte limitBefore = 2;            /* also in force until the resize under way steps the version */
bool slicing;                    /* expire() left the rest to another slice */
bool resumed;

#define anyDeadline (deadline[0] || deadline[1] || deadline[2])
#define overdue (now == 1 && anyDeadline)

#define touch() assert(!freed)

/* No permit is lost or doubled. Inside the lock a permit is on its way from hand to hand. */
#define balanced() assert(inUse(word_) == holds[0] + holds[1] + holds[2])

/* To be said of every grant, in the step that raises the word. */
#define withinLimit() assert(inUse(word_) <= limit_ || inUse(word_) <= limitBefore)

#define REGISTERS \
  short word; short next; byte limit; byte weight; bool mayWait; byte held; byte head; byte ready; \
  byte index; bool done; bool rings; bool begins; bool lastOut; bool more; bit now; byte generation; \
  mtype result

inline lock() {
  d_step { !mutex_ || freed -> touch(); mutex_ = true }
}

/* With the lock, everybody gives up what must hold between one holder and the next. */
inline unlock() {
  d_step {
    touch();
    balanced();
    assert(queued_ == len(queue_));
    assert(((word_ & waiting) != 0) == (len(queue_) != 0));
    if
    :: len(queue_) != 0 ->                          /* nobody sleeps while he could run */
       queue_?<head>;
       assert(slicing || inUse(word_) + weightOf[head] > limit_);
       head = 0
    :: else
    fi;
    mutex_ = false
  }
}

/* --- the way in and out; no lock ---------------------------------------------------------------- */

#if defined(MUTANT_barging)
#define flagsOfEntry (closed | destroyed)
#elif defined(MUTANT_closed_ignored)
#define flagsOfEntry (waiting | destroyed)
#else
#define flagsOfEntry entryFlags
#endif
#define fits(word, weight, limit) \
  (((word) & flagsOfEntry) == 0 && weight - 1 < limit && inUse(word) <= limit - weight)

/* word_.compare_exchange(word, word + inUnits(weight)) of a newcomer */
inline addWeight() {
  d_step {
    touch();
    if
    :: word_ == word ->
       word_ = word + inUnits(weight);
       assert(len(queue_) == 0);                     /* nobody is overtaken */
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
       limit = limit_;
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

/* --- what needs the lock ------------------------------------------------------------------------ */

inline enter() {
  lock();
  d_step { touch(); wish_ = false };
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
                word_ = word_ | waiting       /* a fetch_or, whatever has been given back */
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
        :: done -> d_step {
             touch();
             verdict[me] = Waiting;
             deadline[me] = me < TIMED && now == 0;
             linked[me] = true;
             queue_!me;
             queued_ = queued_ + 1;
             result = Waiting;
             done = false
           };
           break
        :: else
        fi
     :: result == Contended && !mayWait -> result = Rejected; break
     :: else -> break
     fi
  od;
  skip;
  noteAlarm();
  unlock()
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
     putOutAll(drains_, Granted);
#endif
#ifndef MUTANT_last_out_ignored
     lastOut = (word & destroyed) != 0
#endif
  :: else
  fi;
  word = 0;
  noteAlarm();
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
     noteAlarm()
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
     noteAlarm()
  :: else
  fi;
  unlock()
}

inline idleAlarm() {
  d_step { touch(); done = (word_ & idleAlarmFlag) != 0 }
}

/* Slices of 1. */
inline expire() {
  lock();
  if :: overdue -> nextDue(); takeOut(head, TimedOut); head = 0 :: else fi;
  d_step { more = overdue; slicing = more };
  if :: !more -> admit() :: else fi;
  noteAlarm();
  unlock()
}

inline drain(limited) {
  lock();
  sweep();
  d_step { touch(); word = word_; word_ = word_ | closed };
  putOutAll(queue_, Drained);
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
  noteAlarm();
  unlock()
}

inline resume() {
  lock();
  d_step { touch(); word = word_ };
  if
  :: (word & destroyed) == 0 ->
     d_step { touch(); word_ = word_ & ~closed; resumed = true };
#ifndef MUTANT_resume_forgets_drains
     putOutAll(drains_, Aborted);
#endif
     noteAlarm()
  :: else
  fi;
  word = 0;
  unlock()
}

inline configure(permits) {
  lock();
  sweep();
  d_step { touch(); limitBefore = limit_; limit_ = permits };
#ifdef MUTANT_no_version_step
  limitBefore = limit_;
#else
  d_step { touch(); word = word_ };
  do
  :: atomic { next = (word & ~versionMask) | ((word + versionOne) & versionMask) };
     d_step {
       touch();
       if
       :: word_ == word -> word_ = next; limitBefore = limit_; next = 0; word = 0; done = true
       :: else -> word = word_; next = 0
       fi
     };
     if :: done -> done = false; break :: else fi
  od;
#endif
  index = 0;
  do
  :: index < CALLERS ->
     if
     :: verdict[index] == Waiting && weightOf[index] > limit_ -> takeOut(index, Rejected)
     :: else
     fi;
     index++
  :: else -> index = 0; break
  od;
  admit();
  noteAlarm();
  unlock()
}

inline close() {
  lock();
  d_step {
    touch();
    word = word_;
    word_ = word_ | closed | destroyed
  };
  putOutAll(queue_, Aborted);
  putOutAll(drains_, Aborted);
  noteAlarm();
#ifdef MUTANT_close_frees_busy
  done = true;
#else
  done = inUse(word) == 0;
#endif
  word = 0;
  unlock()
}

/* --- for holders of the lock -------------------------------------------------------------------- */

inline settleQueue() {
  if
  :: queued_ != 0 || len(drains_) != 0 -> sweep(); admit()
  :: else
  fi
}

/* All deadlines are the same: any of them is the earliest. */
inline nextDue() {
  if
  :: deadline[0] -> head = 0
  :: deadline[1] -> head = 1
  :: deadline[2] -> head = 2
  fi
}

inline sweep() {
#if TIMED
  do
  :: overdue -> nextDue(); takeOut(head, TimedOut); head = 0
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
#ifdef MUTANT_unsigned_room                       /* used > limit is forgotten: limit - used wraps */
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
#if ALARM
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
    assert(verdict[waiter] == Waiting);           /* it is decided once */
    verdict[waiter] = why;
#ifndef MUTANT_link_outlives_queue
    linked[waiter] = false;
#endif
    deadline[waiter] = false;
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

inline putOutAll(list, why) {
  do
  :: len(list) != 0 -> list?<head>; takeOut(head, why); head = 0
  :: else -> break
  od;
  skip
}

/* --- alarm -------------------------------------------------------------------------------------- */

inline noteAlarm() {
#if ALARM
  if
  :: anyDeadline -> rings = rings || !alarmAt_; setIdleAlarm(false)
  :: !anyDeadline && alarmAt_ && !begins -> rings = true; setIdleAlarm(false)
#ifdef MUTANT_grant_keeps_alarm
  :: !anyDeadline && alarmAt_ && begins -> skip
#else
  :: !anyDeadline && alarmAt_ && begins -> setIdleAlarm(true)
#endif
  :: !anyDeadline && !alarmAt_ -> setIdleAlarm(false)
  fi;
  begins = false
#else
  skip
#endif
}

inline setIdleAlarm(idle) {
  if
  :: idle && (word_ & idleAlarmFlag) == 0 -> d_step { touch(); word_ = word_ | idleAlarmFlag }
  :: !idle && (word_ & idleAlarmFlag) != 0 -> d_step { touch(); word_ = word_ & ~idleAlarmFlag }
  :: else
  fi
}

/* `done`: set it; `more`: cancel it; neither: keep */
inline planAlarm() {
  lock();
  d_step { touch(); done = anyDeadline || (wish_ && inUse(word_) != 0) };
  wish_ = false;
  if
  :: done && alarmAt_ -> done = false
  :: !done && alarmAt_ -> more = true
  :: else
  fi;
  if
  :: done || more ->
     d_step {
       touch();
       alarmAt_ = done;
       alarmGeneration_ = (alarmGeneration_ + 1) % 8;
       generation = alarmGeneration_
     };
     setIdleAlarm(false)
  :: else
  fi;
  unlock()
}

inline wishAlarm() {
  d_step { !mutex_ || freed -> touch(); wish_ = true }
}

inline alarmGone(generation) {
  lock();
  if
  :: generation == alarmGeneration_ ->
     d_step { touch(); alarmAt_ = false };
     setIdleAlarm(false)
  :: else
  fi;
  unlock()
}

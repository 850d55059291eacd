/* A call with an execution timeout: WaitingCall (include/bulwark/detail/call/waiting_call.hpp,
 * src/call/waiting_call.cpp) and the functions of a plain call around it. Its operation stays on the heap
 * while the work runs. Two parties use it then: the thread that runs the work, and the thread that
 * delivers the timeout.
 *
 * The callers below LIMITED make such calls. The first one has a timeout of HORIZON, the second one of 1.
 * The bits of DETACH say whose caller is told at once (Overrun::detach). The others wait for the end of
 * the work. The callers below BUDGET have a budget, which ends at 1. */

#if LIMITED
byte parties_[LIMITED] = 2;

/* --- variables that exist only to state the properties ------------------------------------------ */

bool exists[LIMITED];            /* the operation */
bool completed[LIMITED];         /* the handler was invoked */
bool cancelled[LIMITED];         /* the work was asked to cancel */
bool working[LIMITED];           /* the work has begun, and has not ended */
byte atWork;                     /* how many do */

#define executionTimeout(call) (HORIZON > call -> HORIZON - call : 1)
#define tells(call) (((DETACH >> call) & 1) != 0)
#define budgetEnd(call) (call < BUDGET -> 1 : never)

#define use(call) assert(exists[call])

inline limitTime() {
  d_step { assert(!exists[me]); exists[me] = true; parties_[me] = 2; verdict[me] = 0 };
  noteTimed()
}

/* The handler of this call is invoked. */
inline complete(call) {
  d_step {
    assert(!completed[call]);
    assert(tells(call) || !working[call]);           /* Overrun::wait */
    completed[call] = true
  }
}

inline free(call) {
  d_step {
    use(call);                                       /* freed once */
    assert(running[call] == never);
    exists[call] = false
  }
}

/* A call that does not run. Freeing it counts it out of the timed ones. */
inline refuse(call) {
  use(call);
  dropTimed_();
  free(call);
  complete(call)
}

/* `done`: this party frees the operation */
inline leave_(call) {
  d_step {
    use(call);
#ifdef MUTANT_first_party_frees
    done = true
#else
    if
    :: verdict[call] == Overdue -> parties_[call]--; done = parties_[call] == 0
    :: else -> done = true
    fi
#endif
  }
}

inline destroy(call) {
  leave_(call);
  if :: done -> done = false; free(call) :: else fi
}

inline overrun(call) {
  d_step { use(call); cancelled[call] = true };
  if
#ifdef MUTANT_wait_is_told
  :: true -> use(call); complete(call)
#else
  :: tells(call) -> use(call); complete(call)
#endif
  :: else
  fi;
  leave_(call);
  if :: done -> done = false; free(call) :: else fi
}

/* QueuedCall::run(), WaitingPlainCall::work(). The caller counts itself out of the timed ones at the end,
 * unless it became overdue. */
inline run_() {
  d_step { use(me); touch(); references_++; counted = true; now = clock };    /* TimeKept */
  if
#ifndef MUTANT_budget_ignored
  :: now >= budgetEnd(me) ->                         /* startTimed(): refuseLate() */
#else
  :: false ->
#endif
     d_step { held = weight; assert(holds[me] == held) }
  :: else ->
     due = deadlineAfter(now, executionTimeout(me));
     due = min(due, budgetEnd(me));
     beginTimed_(me, due);
     d_step { use(me); working[me] = true; atWork++ };
     assert(atWork <= limit_ && now < budgetEnd(me));
     if
     :: true
     :: due != never -> cancelled[me] || (word_ & destroyed) != 0    /* ends only if it is cancelled */
     fi;
     d_step {
       assert(holds[me] == weight);                  /* the permit follows the work */
       working[me] = false; atWork--; due = 0;
       held = weight; now = clock
     };
     endTimedWork()
  fi;
#ifdef MUTANT_overdue_gives_back
  if :: counted -> finish() :: else -> held = 0 fi;
#else
  finish();
#endif
  now = 0;
  if :: !told -> destroy(me); complete(me) :: else fi;
  if :: counted -> counted = false; dropTimed_() :: else fi;
  unref();
  if :: told -> told = false; destroy(me) :: else fi
}

inline endTimedWork() {
  use(me);
  endTimed(me);
  if
  :: done -> done = false
#ifdef MUTANT_told_twice
  :: else -> counted = false
#else
  :: else -> counted = false; told = tells(me)
#endif
  fi
}
#endif

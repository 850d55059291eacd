#pragma once

#include <bulwark/bulkhead_config.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <vector>

#include "operation.hpp"

namespace fuzz {

/// A second implementation of Bulkhead and SemaphoreBulkhead for one thread: a list of the waiting
/// calls, in order, and sums. It follows docs/design.md and the headers and shares no code and no
/// technique with the library: no atomic word, no lock, no timer, no heap.
///
/// It prescribes:
///   - A decision about the queue first ends the overdue calls, the earliest deadline first, and
///     then admits the head of the queue for as long as it fits. Comments mark the exceptions.
///   - Results are posted in the order of the decisions, after everything posted before. The result
///     of the call that caused the decision comes last.
///   - Only the timer ends execution timeouts, after the queue, the earliest deadline first.
/// It leaves open when a callable that waited and has its permits runs among the posted results,
/// and follows what it is shown in step(). Such callables run in the order of their grants, before
/// the executor runs out of work. Likewise it leaves open when the work of an awaitable begins, and
/// when it stops after its gate was opened, or after it was asked to cancel; and which of the two
/// it heeds. It does both before the executor runs out of work.
class Model {
 public:
  Model(const Program& program, nanoseconds now)
      : kind_(program.kind), observed_(program.observed), limits_(program.limits), now_(now) {}

  /// The events that the user saw since the last clear().
  const std::vector<Event>& seen() const noexcept { return seen_; }
  void clear() { seen_.clear(); }

  void apply(const Operation& op) {
    switch (op.what) {
      case Do::release:
        return release(op);
      case Do::finish:
        return finish(op);
      case Do::cancel:
        return cancel(op);
      case Do::forget:
        if (!slots_.empty()) slots_[op.pick % slots_.size()].reset();
        return;
      case Do::advance:
      case Do::advanceTo:
        now_ += op.by;
        return;
      case Do::runTimers:
        return expire();
      default:
        break;
    }
    if (destroyed_) return;
    switch (op.what) {
      case Do::execute:
      case Do::acquire:
        return start(op);
      case Do::tryAcquire:
        return tryAcquire(op);
      case Do::acquireNow:
        return acquireNow(op);
      case Do::runNow:
        return runNow(op);
      case Do::configure:
        return configure(op.change);
      case Do::drain:
        return drain(op);
      case Do::resume:
        return resume();
      case Do::reset:
        return reset();
      case Do::destroy:
        return destroy();
      default:
        return;
    }
  }

  /// The executor ran one function; `real` is what the user has seen since the last clear().
  void step(const std::vector<Event>& real) {
    bool mayTakePosted = true;
    while (seen_.size() < real.size()) {
      const Event& next = real[seen_.size()];
      if (const auto call = begun(real)) {
        run(*call);
      } else if (const auto work = stopped(next); work != works_.end()) {
        stop(work, next);
      } else if (mayTakePosted && !posted_.empty()) {
        const Posted first = posted_.front();
        posted_.pop_front();
        deliver(first);
      } else {
        return;  // the comparison will find the difference
      }
      mayTakePosted = false;
    }
  }

  /// Whether the executor still has something to run.
  bool busy() const {
    return !posted_.empty() || !runnable_.empty() || !starting_.empty() ||
           std::any_of(works_.begin(), works_.end(),
                       [](const Work& work) { return work.opened || work.heedsCancel(); });
  }
  /// No permit is held, and no call waits.
  bool idle() const noexcept { return inUse_ == 0 && queue_.empty() && drains_.empty(); }
  /// No call has a deadline, and every granted call has begun, so no timer keeps the context alive.
  /// A call with an execution timeout keeps the timer until it has ended or is overdue, and so does
  /// an awaitable that waited.
  bool untimed() const {
    return !busy() && nextDeadline().value_or(nanoseconds::max()) == nanoseconds::max() &&
           std::none_of(queue_.begin(), queue_.end(),
                        [](const Call& call) { return call.timed; }) &&
           std::none_of(works_.begin(), works_.end(), [](const Work& work) {
             return (work.call.timed || work.call.waited) && !work.overdue;
           });
  }

  /// The number of permits that the user holds.
  std::size_t permits() const noexcept { return permits_.size(); }
  /// The number of awaitables that run.
  std::size_t awaitables() const noexcept { return works_.size(); }

  nanoseconds now() const noexcept { return now_; }
  std::optional<nanoseconds> nextDeadline() const {
    std::optional<nanoseconds> next;
    for (const auto* list : {&queue_, &drains_}) {
      for (const Call& call : *list) next = std::min(next.value_or(call.deadline), call.deadline);
    }
    for (const Work& work : works_) {
      if (!work.overdue) next = std::min(next.value_or(work.deadline), work.deadline);
    }
    return next;
  }

  Numbers numbers() const {
    Numbers all{{"permits", limits_.maxConcurrent},
                {"maxQueueSize", limits_.maxQueueSize},
                {"timeout", static_cast<std::uint64_t>(limits_.queueTimeout.count())},
                {"mode", static_cast<std::uint64_t>(limits_.mode)},
                {"queued", queue_.size()}};
    if (kind_ == Kind::bulkhead) {
      all.insert(all.end(), {{"active", inUse_},
                             {"running", running_},
                             {"overdue", overdue_},
                             {"executionTimeout",
                              static_cast<std::uint64_t>(limits_.executionTimeout.count())},
                             {"overrun", static_cast<std::uint64_t>(limits_.overrun)},
                             {"maxOverdue", limits_.maxOverdue},
                             {"submitted", counters_.submitted},
                             {"peakActive", peakActive_},
                             {"peakQueued", peakQueued_},
                             {"executed", counters_.executed},
                             {"failed", counters_.failed},
                             {"overran", counters_.overran}});
    } else {
      const std::size_t held = std::min(inUse_, limits_.maxConcurrent);
      all.insert(all.end(),
                 {{"available", limits_.maxConcurrent - held},
                  {"acquired", counters_.granted},
                  {"released", counters_.executed + counters_.failed + counters_.overran}});
    }
    all.insert(all.end(), {{"rejected", counters_.rejected},
                           {"timedOut", counters_.timedOut},
                           {"cancelled", counters_.cancelled},
                           {"drained", counters_.drained},
                           {"overLimit", counters_.overLimit}});
    counters_.waits.append(all, "waits", "waitSum", "waitMin", "waitMax");
    counters_.executions.append(all, "executions", "executionSum", "executionMin", "executionMax");
    return all;
  }

 private:
  /// A call or a drain that waits; later, a callable that may run.
  struct Call {
    const Operation* op;
    nanoseconds since{0};
    nanoseconds deadline = nanoseconds::max();
    std::uint64_t arrival = 0;
    bool timed = false;  // has an execution timeout or a budget
    bool budgeted = false;  // `deadline` is the end of its budget
    nanoseconds limit = nanoseconds::max();  // the execution timeout
    nanoseconds budgetEnd = nanoseconds::max();
    // Of an awaitable that has its permits:
    bool requested = false;  // its caller requested cancellation
    bool cancelled = false;  // it was asked to cancel, by its caller or by its timeout
    // Set by the grant:
    std::size_t held = 0;
    bool counted = false;  // false in mode off
    std::optional<nanoseconds> waited{};
    nanoseconds granted{0};

    void forgetTime() {
      timed = false;
      budgetEnd = nanoseconds::max();
    }
  };
  using Line = std::list<Call>;

  /// What happens to a call when its execution timeout has passed.
  enum class AtTimeout : std::uint8_t { note, cancel, tell };

  /// A callable that runs, or an awaitable.
  struct Work {
    Call call;
    nanoseconds begun{0};
    AtTimeout atTimeout = AtTimeout::note;
    nanoseconds deadline = nanoseconds::max();
    std::uint64_t arrival = 0;
    bool overdue = false;
    bool opened = false;  // its gate

    bool heedsCancel() const { return call.cancelled && !call.op->stubborn; }
  };
  using Works = std::list<Work>;

  struct Posted {
    Event::What what;  // runs: a callable that found a free permit
    Call call;
    End end = End::ok;
  };

  struct Held {
    std::size_t held;
    bool counted;
    nanoseconds since;
  };

  struct Durations {
    std::vector<nanoseconds> values;

    void append(Numbers& all, const char* count, const char* sum, const char* least,
                const char* most) const {
      nanoseconds total{0};
      for (const nanoseconds value : values) total += value;
      const auto ends = std::minmax_element(values.begin(), values.end());
      const auto number = [](nanoseconds value) {
        return static_cast<std::uint64_t>(value.count());
      };
      all.insert(all.end(), {{count, values.size()},
                             {sum, number(total)},
                             {least, values.empty() ? 0 : number(*ends.first)},
                             {most, values.empty() ? 0 : number(*ends.second)}});
    }
  };

  struct Counters {
    std::uint64_t executed = 0, failed = 0, rejected = 0, timedOut = 0, cancelled = 0, drained = 0,
                  overran = 0, overLimit = 0, granted = 0, submitted = 0;
    Durations waits, executions;
  };

  // --- acquiring ------------------------------------------------------------------------------

  enum class Answer : std::uint8_t { granted, bypassed, waits, rejected, drained, invalid };

  std::size_t limit() const noexcept {
    return std::min(limits_.maxConcurrent, bulwark::maxPermits);
  }
  bool fits(std::size_t weight) const noexcept {
    return inUse_ <= limit() && weight <= limit() - inUse_;
  }

  /// The answer that needs no decision about the queue; empty if one is needed.
  std::optional<Answer> atSight(std::size_t weight, nanoseconds patience, Call& call) {
    if (weight == 0) return Answer::invalid;
    if (limits_.mode == bulwark::Mode::off) return Answer::bypassed;
    if (limits_.mode == bulwark::Mode::enforce && weight > limit()) return Answer::invalid;
    if (closed_) return Answer::drained;
    if (limits_.mode == bulwark::Mode::observe) return observe(weight, call);
    if (queue_.empty() && fits(weight)) {
      take(weight, call);
      return Answer::granted;
    }
    // The only answer that may be stale: the full queue may hold an overdue call.
    if (queue_.size() >= limits_.maxQueueSize) return Answer::rejected;
    if (queue_.empty() && patience <= nanoseconds(0)) return Answer::rejected;
    return std::nullopt;
  }

  Answer ask(std::size_t weight, nanoseconds patience, Call& call) {
    const Answer answer = decide(weight, patience, call);
    if (call.counted || answer == Answer::waits) ++counters_.submitted;
    if (answer == Answer::bypassed) call.forgetTime();
    return answer;
  }

  Answer decide(std::size_t weight, nanoseconds patience, Call& call) {
    if (const auto answer = atSight(weight, patience, call)) return *answer;
    settle();
    if (const auto answer = atSight(weight, patience, call)) return *answer;
    return patience <= nanoseconds(0) ? Answer::rejected : Answer::waits;
  }

  void take(std::size_t weight, Call& call) {
    inUse_ += weight;
    ++running_;
    peakActive_ = std::max(peakActive_, inUse_);
    call.held = weight;
    call.counted = true;
    call.granted = now_;
    ++counters_.granted;
  }

  /// Mode observe admits every weight. It counts no more permits than maxPermits in total; a call
  /// of which nothing can be counted runs as in mode off.
  Answer observe(std::size_t weight, Call& call) {
    if (inUse_ == bulwark::maxPermits) return Answer::bypassed;
    if (!fits(weight)) ++counters_.overLimit;
    take(std::min(weight, bulwark::maxPermits - inUse_), call);
    return Answer::granted;
  }

  void countRefusal(Answer answer) {
    if (answer != Answer::rejected && answer != Answer::drained) return;
    ++(answer == Answer::rejected ? counters_.rejected : counters_.drained);
    ++counters_.submitted;
  }

  /// The answer to a call whose budget, or whose execution timeout, is used up at its start.
  std::optional<End> refuseAtOnce(const Operation& op) {
    const auto usedUp = [](const std::optional<nanoseconds>& time) {
      return time && *time <= nanoseconds(0);
    };
    if (!usedUp(op.budget) && !usedUp(op.executionTimeout)) return std::nullopt;
    ++counters_.timedOut;
    ++counters_.submitted;
    return usedUp(op.budget) ? End::deadlineExceeded : End::executionTimeout;
  }

  static End endOf(Answer answer) {
    switch (answer) {
      case Answer::rejected:
        return End::queueFull;
      case Answer::drained:
        return End::draining;
      case Answer::invalid:
        return End::invalid;
      default:
        return End::ok;
    }
  }

  void start(const Operation& op) {
    addSlot(op);
    const bool acquires = op.what == Do::acquire;
    const Event::What completion = acquires ? Event::What::permit : Event::What::ends;
    Call call{.op = &op, .since = now_};
    if (const auto end = refuseAtOnce(op)) {
      drop(op);
      return post({completion, call, *end});
    }
    nanoseconds patience = op.timeout.value_or(limits_.queueTimeout);
    if (!acquires) call.limit = op.executionTimeout.value_or(limits_.executionTimeout);
    if (op.budget) {
      call.budgeted = *op.budget <= patience;
      call.budgetEnd = after(*op.budget);
      patience = std::min(patience, *op.budget);
    }
    call.timed = !acquires && (op.budget || call.limit != nanoseconds::max());
    const Answer answer = ask(op.weight, patience, call);
    if (answer == Answer::waits) {
      call.deadline = after(patience);
      call.arrival = ++arrivals_;
      queue_.push_back(call);
      peakQueued_ = std::max(peakQueued_, queue_.size());
      return;
    }
    countRefusal(answer);
    if (acquires) return post({completion, call, endOf(answer)});
    if (answer != Answer::granted && answer != Answer::bypassed) {
      drop(op);
      post({completion, call, endOf(answer)});
    } else if (op.awaitable) {
      starting_.push_back(call);
    } else {
      post({Event::What::runs, call});
    }
  }

  /// The callable is destroyed, and has not run.
  void drop(const Operation& op) {
    if (op.what == Do::execute && op.budget) see({Event::What::dropped, op.id});
  }

  void tryAcquire(const Operation& op) {
    Call call{.op = &op};
    const Answer answer = ask(op.weight, nanoseconds(0), call);  // a refusal is not counted
    takePermit(call,
               answer == Answer::granted || answer == Answer::bypassed ? End::ok : End::queueFull);
  }

  void acquireNow(const Operation& op) {
    if (blocking_) return;
    Call call{.op = &op};
    if (const auto end = refuseAtOnce(op)) return takePermit(call, *end);
    const Answer answer = ask(op.weight, nanoseconds(0), call);
    countRefusal(answer);
    takePermit(call, endOf(answer));
  }

  void runNow(const Operation& op) {
    if (blocking_) return;
    Call call{.op = &op};
    if (const auto end = refuseAtOnce(op)) return see({Event::What::ends, op.id, *end});
    const Answer answer = ask(op.weight, nanoseconds(0), call);
    countRefusal(answer);
    if (answer != Answer::granted && answer != Answer::bypassed) {
      return see({Event::What::ends, op.id, endOf(answer)});
    }
    blocking_ = true;
    const auto end = work(call);
    blocking_ = false;
    see({Event::What::ends, op.id, *end});
  }

  // --- releasing ------------------------------------------------------------------------------

  void giveBack(std::size_t held) {
    inUse_ -= held;
    --running_;
    settle();
    if (!closed_ || inUse_ != 0) return;
    while (!drains_.empty()) takeOut(drains_, drains_.begin(), End::ok);
  }

  void release(const Operation& op) {
    if (permits_.empty()) return;
    const auto place = permits_.begin() + static_cast<std::ptrdiff_t>(op.pick % permits_.size());
    const Held permit = *place;
    permits_.erase(place);
    if (!permit.counted) return;
    ++counters_.executed;
    if (kind_ == Kind::bulkhead) counters_.executions.values.push_back(now_ - permit.since);
    giveBack(permit.held);
  }

  // --- the queue ------------------------------------------------------------------------------

  static nanoseconds after(nanoseconds begin, nanoseconds patience) {
    return patience > nanoseconds::max() - begin ? nanoseconds::max() : begin + patience;
  }
  nanoseconds after(nanoseconds patience) const { return after(now_, patience); }

  void settle() {
    putOutOverdue();
    letIn();
  }

  void putOutOverdue() {
    for (;;) {
      Line* line = nullptr;
      Line::iterator first;
      for (Line* const each : {&queue_, &drains_}) {
        for (auto call = each->begin(); call != each->end(); ++call) {
          if (call->deadline > now_) continue;
          if (line != nullptr &&
              !(call->deadline < first->deadline ||
                (call->deadline == first->deadline && call->arrival < first->arrival))) {
            continue;
          }
          line = each;
          first = call;
        }
      }
      if (line == nullptr) return;
      takeOut(*line, first,
              line == &drains_  ? End::timedOut
              : first->budgeted ? End::deadlineExceeded
                                : End::queueTimeout);
    }
  }

  void letIn() {
    while (!queue_.empty()) {
      Call call = queue_.front();
      if (limits_.mode == bulwark::Mode::enforce) {
        if (!fits(call.op->weight)) return;
        take(call.op->weight, call);
      } else if (limits_.mode == bulwark::Mode::observe) {
        observe(call.op->weight, call);
      }
      call.waited = now_ - call.since;
      call.granted = now_;
      queue_.pop_front();
      if (!call.counted) {
        --counters_.submitted;
        call.forgetTime();
      }
      if (call.op->awaitable) {
        starting_.push_back(call);
      } else if (call.op->what == Do::execute) {
        runnable_.push_back(call);
      } else {
        post({Event::What::permit, call});
      }
    }
  }

  void takeOut(Line& line, Line::iterator place, End end) {
    const Call call = *place;
    line.erase(place);
    if (&line == &drains_) return post({Event::What::drained, call, end});
    if (end == End::queueFull) ++counters_.rejected;
    if (end == End::queueTimeout || end == End::deadlineExceeded) ++counters_.timedOut;
    if (end == End::draining) ++counters_.drained;
    if (end == End::aborted) ++counters_.cancelled;
    drop(*call.op);
    post({call.op->what == Do::execute ? Event::What::ends : Event::What::permit, call, end});
  }

  void takeOutAll(Line& line, End end) {
    while (!line.empty()) takeOut(line, line.begin(), end);
  }

  // --- cancellation ---------------------------------------------------------------------------

  void addSlot(const Operation& op) {
    if (op.cancellable) slots_.emplace_back(op.id);
  }

  /// Precedes the check of deadlines: an overdue call that is cancelled ends as cancelled.
  void cancel(const Operation& op) {
    if (slots_.empty() || op.way == 3) return;  // 3: cancellation_type::none
    const std::optional<int> id = slots_[op.pick % slots_.size()];
    for (Line* const line : {&queue_, &drains_}) {
      const auto place = std::find_if(line->begin(), line->end(),
                                      [&](const Call& call) { return call.op->id == id; });
      if (place == line->end()) continue;
      takeOut(*line, place, End::aborted);
      return settle();
    }
    for (Call& call : starting_) {
      if (call.op->id == id) askToCancel(call);
    }
    for (Work& work : works_) {
      if (work.call.op->id == id) askToCancel(work.call);
    }
  }

  static void askToCancel(Call& call) { call.requested = call.cancelled = call.op->awaitable; }

  // --- what the executor runs -----------------------------------------------------------------

  void post(const Posted& posted) { posted_.push_back(posted); }
  void see(const Event& event) { seen_.push_back(event); }

  void deliver(const Posted& posted) {
    const Operation& op = *posted.call.op;
    switch (posted.what) {
      case Event::What::runs:
        return run(posted.call);
      case Event::What::permit:
        if (posted.call.counted && posted.call.waited) {
          counters_.waits.values.push_back(*posted.call.waited);
        }
        takePermit(posted.call, posted.end);
        break;
      default:
        see({posted.what, op.id, posted.end});
        break;
    }
    applyAll(op.then);
  }

  void takePermit(const Call& call, End end) {
    see({Event::What::permit, call.op->id, end, end == End::ok ? call.op->weight : 0});
    if (end == End::ok) {
      permits_.push_back({call.held, call.counted, call.counted ? call.granted : now_});
    }
  }

  // --- work -----------------------------------------------------------------------------------

  /// The call that waits for the executor and that the next events show to begin. If its budget has
  /// ended, they show that it is dropped, after the calls that left the queue because of that.
  std::optional<Call> begun(const std::vector<Event>& real) {
    for (std::size_t i = seen_.size(); i < real.size(); ++i) {
      const bool runs = real[i].what == Event::What::runs;
      if (!runs && real[i].what != Event::What::dropped) break;
      const auto is = [&](const Call& call) { return call.op->id == real[i].id; };
      if (!runnable_.empty() && is(runnable_.front())) {
        const Call call = runnable_.front();
        runnable_.pop_front();
        return call;
      }
      const auto place = std::find_if(starting_.begin(), starting_.end(), is);
      if (place != starting_.end()) {
        const Call call = *place;
        starting_.erase(place);
        return call;
      }
      if (runs) break;
    }
    return std::nullopt;
  }

  /// A callable and its handler, or an awaitable that begins.
  void run(const Call& call) {
    if (call.budgetEnd != nanoseconds::max() && now_ >= call.budgetEnd) return refuseLate(call);
    if (call.counted && call.waited) counters_.waits.values.push_back(*call.waited);
    if (call.op->awaitable) {
      limitTime(*begin(call));  // from its start on
    } else if (const auto end = work(call)) {
      complete(call, *end);
    }
  }

  /// The budget has ended between the grant and the start.
  void refuseLate(const Call& call) {
    if (call.counted) {
      // The permits of a semaphore were held, whatever becomes of the call.
      ++(kind_ == Kind::bulkhead ? counters_.timedOut : counters_.executed);
      giveBack(call.held);
    }
    drop(*call.op);
    post({Event::What::ends, call, End::deadlineExceeded});
  }

  void complete(const Call& call, End end) {
    see({Event::What::ends, call.op->id, end});
    applyAll(call.op->then);
  }

  /// A callable, without its handler. Empty: the caller has been told already.
  std::optional<End> work(const Call& call) {
    return end(begin(call), call.op->throws ? End::failed : End::ok);
  }

  Works::iterator begin(const Call& call) {
    const auto work = works_.insert(works_.end(), Work{.call = call, .begun = now_});
    if (!call.op->awaitable) limitTime(*work);
    see({Event::What::runs, call.op->id});
    applyAll(call.op->body);
    return work;
  }

  void limitTime(Work& work) {
    if (!work.call.timed || !work.call.counted) return;
    work.atTimeout = limits_.mode == bulwark::Mode::observe      ? AtTimeout::note
                     : limits_.overrun == bulwark::Overrun::wait ? AtTimeout::cancel
                                                                 : AtTimeout::tell;
    work.arrival = ++arrivals_;
    if (destroyed_) return;
    work.deadline = std::min(after(work.begun, work.call.limit), work.call.budgetEnd);
  }

  /// The timer expires.
  void expire() {
    settle();
    std::vector<Work*> late;
    for (Work& work : works_) {
      if (!work.overdue && work.deadline <= now_) late.push_back(&work);
    }
    std::sort(late.begin(), late.end(), [](const Work* a, const Work* b) {
      return a->deadline != b->deadline ? a->deadline < b->deadline : a->arrival < b->arrival;
    });
    bool stalled = false;
    for (Work* work : late) {
      work->overdue = true;
      stalled |= ++overdue_ == limits_.maxOverdue;
      if (work->atTimeout == AtTimeout::note) continue;
      work->call.cancelled |= work->call.op->awaitable;
      if (work->atTimeout == AtTimeout::cancel) continue;
      post({Event::What::ends, work->call, End::executionTimeout});
    }
    for (std::size_t i = 0; i < late.size(); ++i) notify(Event::What::overran, overdue_);
    if (stalled) notify(Event::What::stalled, overdue_);
  }

  void notify(Event::What what, std::size_t count) {
    if (observed_ && !destroyed_) see({.what = what, .count = count});
  }

  void finish(const Operation& op) {
    std::vector<Work*> awaitables;
    for (Work& work : works_) {
      if (work.call.op->awaitable) awaitables.push_back(&work);
    }
    if (!awaitables.empty()) awaitables[op.pick % awaitables.size()]->opened = true;
  }

  /// The awaitable that an event shows to stop, if it has a reason to. `count` is 0 if its body
  /// never began: then it could not ignore a request.
  Works::iterator stopped(const Event& event) {
    return std::find_if(works_.begin(), works_.end(), [&](const Work& work) {
      const Operation& op = *work.call.op;
      if (event.what != Event::What::stops || op.id != event.id) return false;
      if (event.end != End::aborted) {
        return work.opened && event.end == (op.throws ? End::failed : End::ok);
      }
      return work.call.cancelled && (!op.stubborn || event.count == 0);
    });
  }

  void stop(Works::iterator work, const Event& event) {
    see(event);
    const Call call = work->call;
    if (const auto told = end(work, event.end)) complete(call, *told);
  }

  /// The work has ended. Returns what its caller is told; empty: it has been told already.
  std::optional<End> end(Works::iterator place, End how) {
    const Work work = *place;
    works_.erase(place);
    const bool waited = work.atTimeout == AtTimeout::cancel;
    const bool overran = work.overdue && !(waited && how == End::ok);
    if (work.overdue) {
      --overdue_;
      notify(Event::What::returned, static_cast<std::size_t>((now_ - work.deadline).count()));
    }
    if (work.call.counted) {
      ++(overran ? counters_.overran : how == End::ok ? counters_.executed : counters_.failed);
      counters_.executions.values.push_back(now_ - work.begun);
      giveBack(work.call.held);
    }
    if (work.overdue && work.atTimeout == AtTimeout::tell) return std::nullopt;
    // The cancellation was the call's own, unless its caller requested one, too.
    const bool own = work.overdue && waited && how == End::aborted && !work.call.requested;
    return own ? End::executionTimeout : how;
  }

  void applyAll(const std::vector<Operation>& operations) {
    for (const Operation& op : operations) apply(op);
  }

  // --- lifecycle ------------------------------------------------------------------------------

  void configure(const bulwark::BulkheadOverrides& change) {
    if (change.maxConcurrent == std::size_t{0} || change.maxOverdue == std::size_t{0} ||
        (change.queueTimeout && *change.queueTimeout < nanoseconds(0)) ||
        (change.executionTimeout && *change.executionTimeout <= nanoseconds(0))) {
      return see({Event::What::refused});
    }
    putOutOverdue();  // under the old configuration
    limits_.maxConcurrent = change.maxConcurrent.value_or(limits_.maxConcurrent);
    limits_.maxQueueSize = change.maxQueueSize.value_or(limits_.maxQueueSize);
    limits_.queueTimeout = change.queueTimeout.value_or(limits_.queueTimeout);
    limits_.mode = change.mode.value_or(limits_.mode);
    limits_.executionTimeout = change.executionTimeout.value_or(limits_.executionTimeout);
    limits_.overrun = change.overrun.value_or(limits_.overrun);
    limits_.maxOverdue = change.maxOverdue.value_or(limits_.maxOverdue);
    if (limits_.mode == bulwark::Mode::enforce) {
      for (auto call = queue_.begin(); call != queue_.end();) {
        const auto here = call++;
        if (here->op->weight > limit()) takeOut(queue_, here, End::queueFull);
      }
    }
    letIn();
  }

  void drain(const Operation& op) {
    addSlot(op);
    putOutOverdue();
    closed_ = true;
    takeOutAll(queue_, End::draining);
    const nanoseconds within = op.timeout.value_or(nanoseconds::max());
    Call call{.op = &op, .since = now_, .deadline = after(within), .arrival = ++arrivals_};
    if (inUse_ == 0) {
      post({Event::What::drained, call});
    } else if (within <= nanoseconds(0)) {
      post({Event::What::drained, call, End::timedOut});
    } else {
      drains_.push_back(call);
    }
  }

  /// A drain that is overdue but has not completed yet is aborted, too.
  void resume() {
    closed_ = false;
    takeOutAll(drains_, End::aborted);
  }

  void reset() {
    counters_ = {};
    counters_.submitted = running_ + queue_.size();
    peakActive_ = inUse_;
    peakQueued_ = queue_.size();
  }

  /// Likewise, overdue calls that still wait are aborted. No execution timeout passes any more.
  void destroy() {
    closed_ = destroyed_ = true;
    takeOutAll(queue_, End::aborted);
    takeOutAll(drains_, End::aborted);
    for (Work& work : works_) {
      if (!work.overdue) work.deadline = nanoseconds::max();
    }
  }

  const Kind kind_;
  const bool observed_;
  bulwark::BulkheadConfig limits_;
  nanoseconds now_;
  bool closed_ = false;
  bool destroyed_ = false;
  bool blocking_ = false;  // in runNow(), which does not nest
  std::size_t inUse_ = 0;
  std::size_t running_ = 0;
  std::size_t overdue_ = 0;
  std::size_t peakActive_ = 0;
  std::size_t peakQueued_ = 0;
  std::uint64_t arrivals_ = 0;
  Counters counters_;
  Line queue_;
  Line drains_;
  std::deque<Call> runnable_;  // callables that waited and have their permits, ready to run
  Line starting_;  // awaitables that have their permits
  Works works_;  // in the order of their starts
  std::deque<Posted> posted_;
  std::vector<Held> permits_;
  std::vector<std::optional<int>> slots_;
  std::vector<Event> seen_;
};

}  // namespace fuzz

// The output during the run: a table that is redrawn in place, or a line a second.
#pragma once

#include "results.hpp"
#include "text.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace isolation {

class LiveView {
 public:
  // inPlace: redraws a table, which needs a terminal of at least `width` columns.
  LiveView(bool inPlace, Paint paint, std::vector<std::string> titles);

  static constexpr int width = 80;

  void begin(std::size_t phase, double seconds);
  // Shows the last second. Call it a few times a second.
  void update(std::chrono::duration<double> elapsed, std::vector<Outcome> fresh,
              const GatewayStatus& gateway);
  // Shows the phase as a whole.
  void end(const PhaseResult& result);

 private:
  struct Fresh {
    std::chrono::duration<double> at;
    std::vector<Outcome> outcomes;
  };

  std::string& rowOf(RouteId route);  // of the current phase
  void draw(const std::vector<std::string>& below);

  bool inPlace_;
  Paint paint_;
  std::vector<std::string> titles_;
  std::vector<std::string> rows_;  // two for each phase, as currently visible
  std::size_t drawn_ = 0;          // lines to move up before the table is drawn again
  std::size_t phase_ = 0;
  double seconds_ = 0;
  std::deque<Fresh> lastSecond_;
  double windowStart_ = 0;  // start of the current window
  int linesPrinted_ = 0;           // of this phase
};

}  // namespace isolation

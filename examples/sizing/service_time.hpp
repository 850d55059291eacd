// How long calls take, from the few numbers that a dashboard has.
#pragma once

#include <limits>
#include <optional>
#include <vector>

namespace sizing {

// What was measured, in seconds; at least one of the first four.
struct Measured {
  std::optional<double> mean{};
  std::optional<double> p50{};
  std::optional<double> p90{};
  std::optional<double> p99{};
  double longest = std::numeric_limits<double>::infinity();  // the work's own timeout
};

// The share of the standard normal distribution below z, and the z below which a share lies.
double normalShare(double z);
double normalQuantile(double share);

// A piecewise log-normal distribution: the logarithm of a quantile is linear in the normal quantile
// between two percentiles that were given, and goes on in the same direction outside of them. Two
// percentiles make it a log-normal one, which is what service times mostly look like; with more it
// still passes through every one of them, where a log-normal fitted to all passes through none. And
// its moments have a closed form. What would take longer than the work's own timeout ends there.
class ServiceTime {
 public:
  // Throws std::invalid_argument where no such distribution has what was measured; what() is the
  // rule that is broken.
  explicit ServiceTime(const Measured& measured);

  double mean() const { return mean_; }
  // The squared coefficient of variation: 0 for a constant, 1 for an exponential distribution.
  double variation() const { return variation_; }
  // `share` of the calls take at most so long.
  double quantile(double share) const { return atNormal(normalQuantile(share)); }
  // The same for a standard normal number: what a simulation draws.
  double atNormal(double z) const;
  // Share of the calls that take longer.
  double shareAbove(double seconds) const { return seconds < longest_ ? shareBeyond(seconds) : 0; }
  // Whether one number was all there was, so that the tail is a guess: p99 = 10 x p50.
  bool guessed() const { return guessed_; }

 private:
  // ln(quantile) = level + slope * z, up to z = end.
  struct Piece {
    double level, slope, end;
  };
  void addPieces(const Measured& measured);
  // As if there were no longest.
  double shareBeyond(double seconds) const;
  double moment(int power) const;

  std::vector<Piece> pieces_;
  double longest_;
  double mean_ = 0;
  double variation_ = 0;
  bool guessed_ = false;
};

}  // namespace sizing

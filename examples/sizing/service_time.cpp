#include "service_time.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace sizing {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Percentile {
  double z, logSeconds;
};

std::vector<Percentile> percentilesOf(const Measured& measured) {
  std::vector<Percentile> given;
  const auto add = [&given](double share, const std::optional<double>& seconds) {
    if (seconds) given.push_back({normalQuantile(share), std::log(*seconds)});
  };
  add(0.5, measured.p50);
  add(0.9, measured.p90);
  add(0.99, measured.p99);
  return given;
}

// The sigma of the log-normal distribution with this mean and this percentile.
double sigmaFor(double mean, const Percentile& percentile) {
  // ln(percentile) - ln(mean) = z sigma - sigma^2 / 2
  const double distance = percentile.logSeconds - std::log(mean);
  if (percentile.z == 0) {
    if (distance > 0) throw std::invalid_argument("a mean below the p50: give --p99 as well");
    return std::sqrt(-2 * distance);
  }
  if (distance < 0) throw std::invalid_argument("a mean above that percentile: give --p50 as well");
  const double root = percentile.z * percentile.z - 2 * distance;
  if (root < 0) throw std::invalid_argument("a mean too far below it: give --p50 as well");
  return percentile.z - std::sqrt(root);
}

}  // namespace

double normalShare(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

double normalQuantile(double share) {
  if (share == 0.5) return 0;
  double low = -9;
  double high = 9;
  for (int halvings = 0; halvings < 60; ++halvings) {
    const double middle = (low + high) / 2;
    (normalShare(middle) < share ? low : high) = middle;
  }
  return (low + high) / 2;
}

ServiceTime::ServiceTime(const Measured& measured) : longest_(measured.longest) {
  addPieces(measured);
  mean_ = moment(1);
  variation_ = std::max(0.0, moment(2) / (mean_ * mean_) - 1);
}

void ServiceTime::addPieces(const Measured& measured) {
  const std::vector<Percentile> given = percentilesOf(measured);
  if (given.size() >= 2) {
    for (std::size_t i = 1; i < given.size(); ++i) {
      const Percentile& from = given[i - 1];
      const Percentile& to = given[i];
      if (to.logSeconds < from.logSeconds)
        throw std::invalid_argument("a percentile is not below a lower one");
      const double slope = (to.logSeconds - from.logSeconds) / (to.z - from.z);
      pieces_.push_back({from.logSeconds - slope * from.z, slope, to.z});
    }
    pieces_.back().end = infinity;
    return;
  }
  const double guess = std::log(10.0) / normalQuantile(0.99);
  guessed_ = given.empty() || !measured.mean;
  const double sigma = guessed_ ? guess : sigmaFor(*measured.mean, given[0]);
  if (!given.empty()) {
    pieces_.push_back({given[0].logSeconds - sigma * given[0].z, sigma, infinity});
  } else if (measured.mean) {
    pieces_.push_back({std::log(*measured.mean) - sigma * sigma / 2, sigma, infinity});
  } else {
    throw std::invalid_argument("one of --mean, --p50, --p90 and --p99 is required");
  }
}

double ServiceTime::atNormal(double z) const {
  const auto piece = std::find_if(pieces_.begin(), pieces_.end(),
                                  [z](const Piece& candidate) { return z <= candidate.end; });
  return std::min(longest_, std::exp(piece->level + piece->slope * z));
}

double ServiceTime::shareBeyond(double seconds) const {
  const double wanted = std::log(seconds);
  for (const Piece& piece : pieces_) {
    const double last = piece.slope == 0 ? piece.level : piece.level + piece.slope * piece.end;
    if (last > wanted) return 1 - normalShare((wanted - piece.level) / piece.slope);
  }
  return 0;
}

// The integral of exp(power * (level + slope z)) over the normal density, one piece after the
// other, and the longest time for the rest. Completing the square turns each into a share of the
// same distribution.
double ServiceTime::moment(int power) const {
  const double cut = longest_ == infinity ? infinity : normalQuantile(1 - shareBeyond(longest_));
  double sum = 0;
  double begin = -infinity;
  for (const Piece& piece : pieces_) {
    const double end = std::min(piece.end, cut);
    if (end <= begin) break;
    const double shift = power * piece.slope;
    sum += std::exp(power * piece.level + shift * shift / 2) *
           (normalShare(end - shift) - normalShare(begin - shift));
    begin = end;
  }
  return cut == infinity ? sum : sum + std::pow(longest_, power) * (1 - normalShare(cut));
}

}  // namespace sizing

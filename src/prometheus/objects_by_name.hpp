#pragma once

// The objects that a collector shows, and the totals of those that were destroyed.

#include <list>
#include <map>
#include <string>
#include <utility>

#include "bulwark/build.hpp"
#include "prometheus/label.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// All objects of one name: the present one, and previous ones whose calls may still run. The name
/// and its totals are kept when all objects are gone, for the next object of that name.
template <typename Object>
class ObjectsOfName {
 public:
  using Row = typename Object::Row;

  ObjectsOfName(const char* label, const std::string& name) : row_{.label = {label, name}} {}

  bool empty() const noexcept { return members_.empty(); }
  bool taken() const noexcept { return !empty() && !members_.back().object.destroyed(); }

  template <typename... Args>
  void add(Args&&... args) {
    removeQuiescent();  // here, too, in case nothing is scraped
    members_.emplace_back(std::forward<Args>(args)...);
  }

  template <typename F>
  void forEach(F f) const {
    for (const Member& member : members_) f(member.object);
  }

  /// The present values of all objects together.
  const Row& read() noexcept {
    row_ = Row{.label = std::move(row_.label), .numbers = removed_};
    for (Member& member : members_) member.object.addTo(row_);
    removeQuiescent();
    return row_;
  }

 private:
  /// Removes an object when it finds it quiescent for the second time. At the first time, the
  /// thread that destroyed the object may still be counting the calls that it aborted.
  void removeQuiescent() noexcept {
    for (auto member = members_.begin(); member != members_.end();) {
      if (member->wasQuiescent) {
        member->object.addTo(removed_);
        member = members_.erase(member);
      } else {
        member->wasQuiescent = member->object.quiescent();
        ++member;
      }
    }
  }

  struct Member {
    template <typename... Args>
    explicit Member(Args&&... args) noexcept : object(std::forward<Args>(args)...) {}

    Object object;
    bool wasQuiescent = false;  // when removeQuiescent() last looked
  };

  std::list<Member> members_;          // in the order in which they were added
  typename Object::Totals removed_{};  // the totals of removed objects
  Row row_;
};

/// The objects of one kind by the value of their label.
template <typename Object>
class ObjectsByName {
 public:
  using Rows = typename Object::Rows;

  explicit ObjectsByName(const char* label) : label_(label) {}

  /// @return false: an object of that name exists
  template <typename... Args>
  bool add(const std::string& name, Args&&... args) {
    const std::string label = labelFor(name);
    auto& objects = objects_.try_emplace(label, label_, label).first->second;
    if (objects.taken()) return false;
    objects.add(std::forward<Args>(args)...);
    return true;
  }

  template <typename F>
  void forEach(F f) const {
    for (const auto& [label, objects] : objects_) objects.forEach(f);
  }

  /// The present values of all objects, a row for each name.
  Rows read() {
    Rows rows;
    rows.reserve(objects_.size());
    for (auto& [label, objects] : objects_) {
      if (!objects.empty()) rows.push_back(&objects.read());
    }
    return rows;
  }

 private:
  const char* const label_;
  std::map<std::string, ObjectsOfName<Object>> objects_;
};

}  // namespace bulwark::detail

#include "folder_watch.hpp"

#include <asio/buffer.hpp>
#include <asio/use_awaitable.hpp>

#include <sys/inotify.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

namespace reload {

namespace {

// Whether one of the events says that the folder was removed or renamed.
bool sayTheFolderIsGone(const std::vector<char>& events) {
  for (std::size_t at = 0; at + sizeof(inotify_event) <= events.size();) {
    inotify_event event;
    std::memcpy(&event, events.data() + at, sizeof(event));
    if ((event.mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) != 0) return true;
    at += sizeof(event) + event.len;
  }
  return false;
}

}  // namespace

FolderWatch::FolderWatch(asio::any_io_executor executor, const std::filesystem::path& folder)
    : inotify_(std::move(executor)) {
  const int inotify = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (inotify == -1) throw std::system_error(errno, std::generic_category(), "inotify_init1");
  inotify_.assign(inotify);
  const auto events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
  if (::inotify_add_watch(inotify, folder.c_str(), events) == -1) {
    throw std::system_error(errno, std::generic_category(), "watching " + folder.string());
  }
}

asio::awaitable<void> FolderWatch::changed() {
  std::vector<char> events(16 * 1024);
  const auto target = asio::buffer(events);
  const std::size_t size = co_await inotify_.async_read_some(target, asio::use_awaitable);
  events.resize(size);
  if (sayTheFolderIsGone(events)) throw std::runtime_error("the folder was moved or removed");
}

}  // namespace reload

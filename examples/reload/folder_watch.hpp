// Tells when something in a folder was written or renamed, by Linux's inotify.
#pragma once

#include <bulwark/asio.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/posix/stream_descriptor.hpp>

#include <filesystem>

namespace reload {

// The folder and not the file, because editors and deployment tools write a new file and rename it
// over the old one: a watch on the file would go on watching the one that nobody sees any more.
// Not by the file's name either, because it may be a symbolic link to what was renamed, as in a
// Kubernetes volume.
class FolderWatch {
 public:
  FolderWatch(asio::any_io_executor executor, const std::filesystem::path& folder);

  // Returns once for any number of changes since the last time. A file counts as written when its
  // writer closes it. Throws when there is no such folder any more, and operation_aborted after
  // cancel().
  asio::awaitable<void> changed();

  void cancel() { inotify_.cancel(); }

 private:
  asio::posix::stream_descriptor inotify_;
};

}  // namespace reload

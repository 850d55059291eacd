// Reports when something in a folder was written or renamed, using Linux's inotify.
#pragma once

#include <bulwark/asio.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/posix/stream_descriptor.hpp>

#include <filesystem>

namespace reload {

// It watches the folder and not the file, because editors and deployment tools write a new file and
// rename it over the old one. A watch on the file would stay on the old file. It does not filter by
// the name of the file either, because that may be a symbolic link to what was renamed, as in a
// Kubernetes volume.
class FolderWatch {
 public:
  FolderWatch(asio::any_io_executor executor, const std::filesystem::path& folder);

  // Returns once for any number of changes since the last time. A file counts as written when its
  // writer closes it. Throws if the folder no longer exists, and operation_aborted after cancel().
  asio::awaitable<void> changed();

  void cancel() { inotify_.cancel(); }

 private:
  asio::posix::stream_descriptor inotify_;
};

}  // namespace reload

#pragma once

#include <bulwark/manager_config.hpp>

/// A stranger's library on top of bulwark, whose own users get bulwark along.
bulwark::ManagerConfig shieldConfig();

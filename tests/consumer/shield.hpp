#pragma once

#include <bulwark/manager_config.hpp>

/// A function of a user's library that has bulwark in its interface.
bulwark::ManagerConfig shieldConfig();

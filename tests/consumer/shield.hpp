#pragma once

#include <bulwark/manager_config.hpp>

/// Of a stranger's library on top of bulwark, which has bulwark in its interface.
bulwark::ManagerConfig shieldConfig();

#pragma once

/// @file
/// The limits of one deployment, as a starting point for others.

#include "bulwark/build.hpp"
#include "bulwark/manager_config.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// A starting point for services that call AI providers, containers, files and databases.
/// docs/manager.md lists the values.
BULWARK_EXPORT ManagerConfig athenaPreset();

}  // namespace bulwark

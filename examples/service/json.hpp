// The answers of /health and /bulkheads.
#pragma once

#include <string>

#include "load.hpp"
#include "service.hpp"

namespace service {

std::string healthJson(const Service& service);
std::string bulkheadsJson(const Service& service, const Load& load, bool admin);

}  // namespace service

#include "faults/world.hpp"

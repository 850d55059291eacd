// This file is empty. The target that builds the precompiled header needs a source.

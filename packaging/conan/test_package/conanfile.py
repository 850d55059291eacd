import os

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.cmake import CMake, cmake_layout


class Consumer(ConanFile):
    """The programs of tests/consumer, with what Conan made."""

    settings = "os", "arch", "compiler", "build_type"
    generators = "CMakeDeps", "CMakeToolchain"

    def requirements(self):
        self.requires(self.tested_reference_str)

    def layout(self):
        cmake_layout(self)

    def _components(self):
        options = self.dependencies["bulwark"].options
        return [name for name in ("json", "prometheus") if options.get_safe(name)]

    def build(self):
        cmake = CMake(self)
        consumer = os.path.join(self.source_folder, "..", "..", "..", "tests", "consumer")
        cmake.configure(build_script_folder=consumer,
                        variables={"COMPONENTS": ";".join(self._components())})
        cmake.build()

    def test(self):
        if not can_run(self):
            return
        for program in ["consumer"] + [f"consumer_{name}" for name in self._components()]:
            self.run(os.path.join(self.cpp.build.bindir, program), env="conanrun")

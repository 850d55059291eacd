import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir

required_conan_version = ">=2.0"


class Bulwark(ConanFile):
    name = "bulwark"
    description = "Bulkheads for C++20 services on Asio"
    license = "BSL-1.0"
    topics = ("bulkhead", "resilience", "asio", "concurrency", "backpressure")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {
        "shared": [True, False],
        "fPIC": [True, False],
        "asio": ["standalone", "boost"],
        "json": [True, False],
        "prometheus": [True, False],
    }
    default_options = {
        "shared": False,
        "fPIC": True,
        "asio": "standalone",
        "json": True,
        "prometheus": False,
    }
    implements = ["auto_shared_fpic"]

    # The sources are those around this file.
    _root = os.path.join("..", "..")

    def set_version(self):
        text = load(self, os.path.join(self.recipe_folder, self._root, "CMakeLists.txt"))
        self.version = re.search(r"VERSION (\d+\.\d+\.\d+)", text).group(1)

    def export_sources(self):
        root = os.path.join(self.recipe_folder, self._root)
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*", "ops/*",
                        "docs/config.schema.json", "packaging/debian/*"):
            copy(self, pattern, root, self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        # Named by the public headers: their users compile with them, too.
        self.requires("fmt/[>=9 <13]", transitive_headers=True, transitive_libs=True)
        if self.options.asio == "boost":
            self.requires("boost/[>=1.78 <2]", transitive_headers=True, options={"header_only": True})
        else:
            self.requires("asio/[>=1.22 <2]", transitive_headers=True)
        if self.options.json:
            self.requires("nlohmann_json/[>=3.10 <4]", visible=False)
        if self.options.prometheus:
            self.requires("prometheus-cpp/[>=1.0 <2]", transitive_headers=True, transitive_libs=True)

    def build_requirements(self):
        self.tool_requires("cmake/[>=3.25]")

    def validate(self):
        check_min_cppstd(self, 20)
        if self.settings.os == "Windows":
            raise ConanInvalidConfiguration("bulwark has not been built on Windows")

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        variables = toolchain.cache_variables
        for part in ("TESTS", "EXAMPLES", "BENCHMARKS"):
            variables[f"BULWARK_BUILD_{part}"] = False
        variables["BULWARK_ASIO"] = str(self.options.asio)
        variables["BULWARK_JSON"] = "ON" if self.options.json else "OFF"
        variables["BULWARK_PROMETHEUS"] = "ON" if self.options.prometheus else "OFF"
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        # Conan writes its own files for each build tool. Those of bulwark would search for dependencies
        # that Conan has elsewhere.
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))
        rmdir(self, os.path.join(self.package_folder, "share"))

    def package_info(self):
        boost = self.options.asio == "boost"
        library = "bulwark_boost" if boost else "bulwark"
        self.cpp_info.set_property("cmake_file_name", "bulwark")

        core = self.cpp_info.components["bulwark"]
        core.set_property("cmake_target_name", "bulwark::bulwark")
        core.set_property("pkg_config_name", "bulwark")
        core.libs = [library]
        core.requires = ["fmt::fmt", "boost::headers" if boost else "asio::asio"]
        # As cmake/asio.cmake has them: every file of a program has to agree on them.
        prefix = "BOOST_ASIO" if boost else "ASIO"
        core.defines = [] if boost else ["ASIO_STANDALONE"]
        if self.settings.os == "Linux":
            core.defines.append(f"{prefix}_HAS_STD_ALIGNED_ALLOC")
            core.system_libs = ["pthread"]
        if "clang" in str(self.settings.compiler):
            core.defines += [f"{prefix}_HAS_CO_AWAIT", f"{prefix}_HAS_STD_COROUTINE"]
        if not self.options.shared:
            core.defines.append("BULWARK_STATIC_DEFINE")

        needs = {"json": [], "prometheus": ["prometheus-cpp::prometheus-cpp-core"]}
        for name, requires in needs.items():
            if not self.options.get_safe(name):
                continue
            component = self.cpp_info.components[name]
            component.set_property("cmake_target_name", f"bulwark::{name}")
            component.set_property("pkg_config_name", f"bulwark_{name}")
            component.libs = [f"{library}_{name}"]
            component.requires = ["bulwark"] + requires
            if not self.options.shared:
                component.defines = [f"BULWARK_{name.upper()}_STATIC_DEFINE"]

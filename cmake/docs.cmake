# cmake --build <dir> --target bulwark_docs: a reference made from the comments of the headers.
find_package(Doxygen REQUIRED)

set(DOXYGEN_USE_MDFILE_AS_MAINPAGE README.md)
set(DOXYGEN_EXCLUDE_PATTERNS */detail/*)
set(DOXYGEN_EXTRACT_ALL YES)

doxygen_add_docs(bulwark_docs README.md docs include WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")

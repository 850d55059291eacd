#pragma once

// The macros of <QObject> without QT_NO_KEYWORDS.
#define signals public
#define slots
#define emit
#define foreach(variable, container) for (variable : container)
#define forever for (;;)

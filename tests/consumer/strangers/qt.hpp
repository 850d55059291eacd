#pragma once

// What <QObject> defines unless QT_NO_KEYWORDS is defined, as its headers have it.
#define signals public
#define slots
#define emit
#define foreach(variable, container) for (variable : container)
#define forever for (;;)

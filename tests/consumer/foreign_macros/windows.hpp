#pragma once

// Macros of <windows.h> without NOMINMAX and WIN32_LEAN_AND_MEAN that could collide with a C++
// name. For GetObjectW and the like only their existence matters, not their expansion.
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define min(a, b) (((a) < (b)) ? (a) : (b))

#define cdecl
#define far
#define near
#define pascal
#define CONST const
#define FALSE 0
#define FAR
#define IN
#define NEAR
#define OPTIONAL
#define OUT
#define PASCAL
#define STRICT 1
#define THIS void
#define TRUE 1
#define VOID void

#define hyper long long
#define interface struct
#define small char

#define ABSOLUTE 1
#define ALTERNATE 1
#define DELETE (0x00010000L)
#define DIFFERENCE 11
#define DOMAIN 1
#define ERROR 0
#define IGNORE 0
#define INFINITE 0xFFFFFFFF
#define NO_ERROR 0L
#define OVERFLOW 3
#define RELATIVE 2
#define SYNCHRONIZE (0x00100000L)
#define TRANSPARENT 1

#define ctl1 0x00A0
#define edt1 0x0480
#define rad1 0x0420

#define CreateEvent CreateEventW
#define CreateMutex CreateMutexW
#define CreateSemaphore CreateSemaphoreW
#define FormatMessage FormatMessageW
#define GetClassName GetClassNameW
#define GetCurrentTime() GetTickCount()
#define GetMessage GetMessageW
#define GetObject GetObjectW
#define ReportEvent ReportEventW
#define SendMessage SendMessageW
#define Yield()

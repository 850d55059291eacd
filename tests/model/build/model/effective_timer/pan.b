	switch (t->back) {
	default: Uerror("bad return move");
	case  0: goto R999; /* nothing to undo */

		 /* PROC :init: */

	case 3: // STATE 1
		;
		;
		delproc(0, now._nr_pr-1);
		;
		goto R999;

	case 4: // STATE 2
		;
		;
		delproc(0, now._nr_pr-1);
		;
		goto R999;

	case 5: // STATE 3
		;
		;
		delproc(0, now._nr_pr-1);
		;
		goto R999;

	case 6: // STATE 4
		;
		;
		delproc(0, now._nr_pr-1);
		;
		goto R999;

	case 7: // STATE 5
		;
		;
		delproc(0, now._nr_pr-1);
		;
		goto R999;

	case 8: // STATE 6
		;
		;
		delproc(0, now._nr_pr-1);
		;
		goto R999;
;
		;
			case 10: // STATE 14
		sv_restor();
		goto R999;

	case 11: // STATE 15
		;
		p_restor(II);
		;
		;
		goto R999;

		 /* PROC Timer */

	case 12: // STATE 3
		;
		now.timer = trpt->bup.ovals[1];
		((P3 *)_this)->number = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 13: // STATE 8
		sv_restor();
		goto R999;
;
		;
			case 15: // STATE 13
		sv_restor();
		goto R999;
;
		;
			case 17: // STATE 17
		sv_restor();
		goto R999;
;
		;
			case 19: // STATE 21
		sv_restor();
		goto R999;
	case 20: // STATE 41
		sv_restor();
		goto R999;

	case 21: // STATE 44
		;
		((P3 *)_this)->now = trpt->bup.oval;
		;
		goto R999;
	case 22: // STATE 48
		sv_restor();
		goto R999;
;
		;
		;
		;
		
	case 25: // STATE 52
		;
		((P3 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 27: // STATE 54
		;
		((P3 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 29: // STATE 56
		;
		((P3 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
	case 30: // STATE 81
		sv_restor();
		goto R999;

	case 31: // STATE 82
		;
	/* 0 */	((P3 *)_this)->head = trpt->bup.oval;
		;
		;
		goto R999;
	case 32: // STATE 85
		sv_restor();
		goto R999;

	case 33: // STATE 90
		;
		((P3 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
	case 34: // STATE 96
		sv_restor();
		goto R999;
;
		;
		;
		;
			case 37: // STATE 104
		sv_restor();
		goto R999;

	case 38: // STATE 105
		;
	/* 0 */	((P3 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;
	case 39: // STATE 111
		sv_restor();
		goto R999;
	case 40: // STATE 133
		sv_restor();
		goto R999;

	case 41: // STATE 134
		;
	/* 0 */	((P3 *)_this)->head = trpt->bup.oval;
		;
		;
		goto R999;
	case 42: // STATE 137
		sv_restor();
		goto R999;

	case 43: // STATE 142
		;
		((P3 *)_this)->head = trpt->bup.oval;
		;
		goto R999;

	case 44: // STATE 144
		;
		((P3 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 46: // STATE 159
		;
		((P3 *)_this)->tends = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 48: // STATE 163
		sv_restor();
		goto R999;
;
		;
			case 50: // STATE 167
		sv_restor();
		goto R999;

	case 51: // STATE 172
		;
	/* 0 */	((P3 *)_this)->begins = trpt->bup.oval;
		;
		;
		goto R999;

	case 52: // STATE 173
		;
		((P3 *)_this)->tends = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 54: // STATE 177
		sv_restor();
		goto R999;
;
		;
			case 56: // STATE 181
		sv_restor();
		goto R999;

	case 57: // STATE 186
		;
	/* 0 */	((P3 *)_this)->begins = trpt->bup.oval;
		;
		;
		goto R999;
;
		;
			case 59: // STATE 190
		sv_restor();
		goto R999;
;
		;
			case 61: // STATE 194
		sv_restor();
		goto R999;
;
		;
		;
		;
			case 64: // STATE 203
		sv_restor();
		goto R999;
;
		;
			case 66: // STATE 207
		sv_restor();
		goto R999;

	case 67: // STATE 214
		;
		((P3 *)_this)->begins = trpt->bup.oval;
		;
		goto R999;
	case 68: // STATE 228
		sv_restor();
		goto R999;

	case 69: // STATE 232
		;
		((P3 *)_this)->tends = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 71: // STATE 240
		sv_restor();
		goto R999;
;
		;
			case 73: // STATE 246
		sv_restor();
		goto R999;
;
		;
			case 75: // STATE 252
		sv_restor();
		goto R999;
;
		;
			case 77: // STATE 258
		sv_restor();
		goto R999;

	case 78: // STATE 261
		;
		((P3 *)_this)->tends = trpt->bup.ovals[1];
	/* 0 */	((P3 *)_this)->tends = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 79: // STATE 266
		sv_restor();
		goto R999;

	case 80: // STATE 268
		;
		((P3 *)_this)->done = trpt->bup.ovals[1];
	/* 0 */	((P3 *)_this)->done = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 81: // STATE 272
		sv_restor();
		goto R999;
	case 82: // STATE 276
		sv_restor();
		goto R999;

	case 83: // STATE 277
		;
		now.requested_ = trpt->bup.oval;
		;
		goto R999;

	case 84: // STATE 278
		;
	/* 0 */	((P3 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;

	case 85: // STATE 279
		;
		((P3 *)_this)->done = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 87: // STATE 281
		;
		((P3 *)_this)->more = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 89: // STATE 290
		sv_restor();
		goto R999;
;
		;
			case 91: // STATE 294
		sv_restor();
		goto R999;
;
		;
			case 93: // STATE 298
		sv_restor();
		goto R999;
	case 94: // STATE 318
		sv_restor();
		goto R999;

	case 95: // STATE 321
		;
	/* 0 */	((P3 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;

	case 96: // STATE 322
		;
		now.timer = trpt->bup.oval;
		;
		goto R999;

	case 97: // STATE 323
		;
	/* 0 */	((P3 *)_this)->more = trpt->bup.oval;
		;
		;
		goto R999;

	case 98: // STATE 324
		;
		now.timer = trpt->bup.oval;
		;
		goto R999;
	case 99: // STATE 331
		sv_restor();
		goto R999;
	case 100: // STATE 336
		sv_restor();
		goto R999;

	case 101: // STATE 348
		;
		((P3 *)_this)->index = trpt->bup.ovals[1];
	/* 0 */	((P3 *)_this)->index = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 102: // STATE 348
		;
		((P3 *)_this)->index = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 104: // STATE 356
		;
		((P3 *)_this)->lastOut = trpt->bup.ovals[1];
	/* 0 */	((P3 *)_this)->lastOut = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 105: // STATE 366
		sv_restor();
		goto R999;

	case 106: // STATE 374
		;
		((P3 *)_this)->more = trpt->bup.ovals[1];
	/* 0 */	((P3 *)_this)->more = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 107: // STATE 383
		;
		((P3 *)_this)->number = trpt->bup.ovals[1];
		((P3 *)_this)->now = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 109: // STATE 389
		;
		p_restor(II);
		;
		;
		goto R999;

		 /* PROC Clock */

	case 110: // STATE 1
		;
		now.clock = trpt->bup.oval;
		;
		goto R999;

	case 111: // STATE 5
		;
		p_restor(II);
		;
		;
		goto R999;

		 /* PROC Controller */
;
		;
		
	case 113: // STATE 12
		;
		((P1 *)_this)->changes = trpt->bup.ovals[1];
		((P1 *)_this)->permits = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 115: // STATE 12
		;
		((P1 *)_this)->changes = trpt->bup.ovals[1];
		((P1 *)_this)->permits = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 116: // STATE 12
		;
		((P1 *)_this)->changes = trpt->bup.ovals[1];
		((P1 *)_this)->permits = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 117: // STATE 12
		;
		((P1 *)_this)->changes = trpt->bup.ovals[1];
		((P1 *)_this)->permits = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 118: // STATE 12
		;
		((P1 *)_this)->changes = trpt->bup.oval;
		;
		goto R999;

	case 119: // STATE 13
		;
		((P1 *)_this)->now = trpt->bup.oval;
		;
		goto R999;
	case 120: // STATE 16
		sv_restor();
		goto R999;
	case 121: // STATE 21
		sv_restor();
		goto R999;
	case 122: // STATE 25
		sv_restor();
		goto R999;
	case 123: // STATE 29
		sv_restor();
		goto R999;
	case 124: // STATE 32
		sv_restor();
		goto R999;

	case 125: // STATE 33
		;
		((P1 *)_this)->next = trpt->bup.oval;
		;
		goto R999;
	case 126: // STATE 47
		sv_restor();
		goto R999;

	case 127: // STATE 49
		;
		((P1 *)_this)->done = trpt->bup.ovals[1];
	/* 0 */	((P1 *)_this)->done = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		;
		;
		;
		;
		
	case 131: // STATE 62
		;
		((P1 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 133: // STATE 64
		;
		((P1 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 135: // STATE 66
		;
		((P1 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
	case 136: // STATE 91
		sv_restor();
		goto R999;

	case 137: // STATE 92
		;
	/* 0 */	((P1 *)_this)->head = trpt->bup.oval;
		;
		;
		goto R999;
	case 138: // STATE 95
		sv_restor();
		goto R999;

	case 139: // STATE 100
		;
		((P1 *)_this)->head = trpt->bup.oval;
		;
		goto R999;

	case 140: // STATE 106
		;
		now.slicing = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 142: // STATE 114
		sv_restor();
		goto R999;

	case 143: // STATE 115
		;
	/* 0 */	((P1 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;
	case 144: // STATE 121
		sv_restor();
		goto R999;
	case 145: // STATE 143
		sv_restor();
		goto R999;

	case 146: // STATE 144
		;
	/* 0 */	((P1 *)_this)->head = trpt->bup.oval;
		;
		;
		goto R999;
	case 147: // STATE 147
		sv_restor();
		goto R999;

	case 148: // STATE 152
		;
		((P1 *)_this)->head = trpt->bup.oval;
		;
		goto R999;

	case 149: // STATE 154
		;
		((P1 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 151: // STATE 170
		;
		((P1 *)_this)->tends = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 153: // STATE 174
		sv_restor();
		goto R999;
;
		;
			case 155: // STATE 178
		sv_restor();
		goto R999;

	case 156: // STATE 183
		;
	/* 0 */	((P1 *)_this)->begins = trpt->bup.oval;
		;
		;
		goto R999;

	case 157: // STATE 184
		;
		((P1 *)_this)->tends = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 159: // STATE 188
		sv_restor();
		goto R999;
;
		;
			case 161: // STATE 192
		sv_restor();
		goto R999;

	case 162: // STATE 197
		;
	/* 0 */	((P1 *)_this)->begins = trpt->bup.oval;
		;
		;
		goto R999;
;
		;
			case 164: // STATE 201
		sv_restor();
		goto R999;
;
		;
			case 166: // STATE 205
		sv_restor();
		goto R999;
;
		;
		;
		;
			case 169: // STATE 214
		sv_restor();
		goto R999;
;
		;
			case 171: // STATE 218
		sv_restor();
		goto R999;

	case 172: // STATE 225
		;
		((P1 *)_this)->begins = trpt->bup.oval;
		;
		goto R999;
	case 173: // STATE 239
		sv_restor();
		goto R999;

	case 174: // STATE 242
		;
		((P1 *)_this)->permits = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 176: // STATE 247
		sv_restor();
		goto R999;
;
		;
			case 178: // STATE 253
		sv_restor();
		goto R999;
;
		;
			case 180: // STATE 259
		sv_restor();
		goto R999;
;
		;
			case 182: // STATE 265
		sv_restor();
		goto R999;

	case 183: // STATE 268
		;
		((P1 *)_this)->tends = trpt->bup.ovals[1];
	/* 0 */	((P1 *)_this)->tends = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 184: // STATE 273
		sv_restor();
		goto R999;

	case 185: // STATE 275
		;
		((P1 *)_this)->done = trpt->bup.ovals[1];
	/* 0 */	((P1 *)_this)->done = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 186: // STATE 279
		sv_restor();
		goto R999;
	case 187: // STATE 283
		sv_restor();
		goto R999;

	case 188: // STATE 284
		;
		now.requested_ = trpt->bup.oval;
		;
		goto R999;

	case 189: // STATE 285
		;
	/* 0 */	((P1 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;

	case 190: // STATE 286
		;
		((P1 *)_this)->done = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 192: // STATE 288
		;
		((P1 *)_this)->more = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 194: // STATE 297
		sv_restor();
		goto R999;
;
		;
			case 196: // STATE 301
		sv_restor();
		goto R999;
;
		;
			case 198: // STATE 305
		sv_restor();
		goto R999;
	case 199: // STATE 325
		sv_restor();
		goto R999;

	case 200: // STATE 328
		;
	/* 0 */	((P1 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;

	case 201: // STATE 329
		;
		now.timer = trpt->bup.oval;
		;
		goto R999;

	case 202: // STATE 330
		;
	/* 0 */	((P1 *)_this)->more = trpt->bup.oval;
		;
		;
		goto R999;

	case 203: // STATE 331
		;
		now.timer = trpt->bup.oval;
		;
		goto R999;
	case 204: // STATE 338
		sv_restor();
		goto R999;
	case 205: // STATE 343
		sv_restor();
		goto R999;

	case 206: // STATE 355
		;
		((P1 *)_this)->index = trpt->bup.ovals[1];
	/* 0 */	((P1 *)_this)->index = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 207: // STATE 355
		;
		((P1 *)_this)->index = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 209: // STATE 363
		;
		((P1 *)_this)->lastOut = trpt->bup.ovals[1];
	/* 0 */	((P1 *)_this)->lastOut = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 210: // STATE 373
		sv_restor();
		goto R999;
	case 211: // STATE 388
		sv_restor();
		goto R999;

	case 212: // STATE 390
		;
		((P1 *)_this)->now = trpt->bup.oval;
		;
		goto R999;

	case 213: // STATE 396
		;
		p_restor(II);
		;
		;
		goto R999;

		 /* PROC Caller */

	case 214: // STATE 1
		;
	/* 0 */	((P0 *)_this)->calls = trpt->bup.oval;
		;
		;
		goto R999;

	case 215: // STATE 4
		;
		((P0 *)_this)->calls = trpt->bup.oval;
		;
		goto R999;
	case 216: // STATE 7
		sv_restor();
		goto R999;

	case 217: // STATE 8
		;
		((P0 *)_this)->mayWait = trpt->bup.oval;
		;
		goto R999;

	case 218: // STATE 9
		;
		((P0 *)_this)->result = trpt->bup.oval;
		;
		goto R999;

	case 219: // STATE 10
		;
	/* 0 */	((P0 *)_this)->result = trpt->bup.oval;
		;
		;
		goto R999;
	case 220: // STATE 14
		sv_restor();
		goto R999;
;
		;
			case 222: // STATE 20
		sv_restor();
		goto R999;

	case 223: // STATE 21
		;
	/* 0 */	((P0 *)_this)->limit = trpt->bup.oval;
		;
		;
		goto R999;
	case 224: // STATE 40
		sv_restor();
		goto R999;

	case 225: // STATE 44
		;
		((P0 *)_this)->result = trpt->bup.oval;
		;
		goto R999;
	case 226: // STATE 55
		sv_restor();
		goto R999;

	case 227: // STATE 56
		;
	/* 0 */	((P0 *)_this)->result = trpt->bup.oval;
		;
		;
		goto R999;
	case 228: // STATE 66
		sv_restor();
		goto R999;

	case 229: // STATE 79
		;
		((P0 *)_this)->limit = trpt->bup.ovals[1];
		((P0 *)_this)->word = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 230: // STATE 82
		;
	/* 0 */	((P0 *)_this)->result = trpt->bup.oval;
		;
		;
		goto R999;
	case 231: // STATE 85
		sv_restor();
		goto R999;
	case 232: // STATE 89
		sv_restor();
		goto R999;

	case 233: // STATE 93
		;
		((P0 *)_this)->done = trpt->bup.ovals[2];
		((P0 *)_this)->result = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->done = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
	case 234: // STATE 98
		sv_restor();
		goto R999;
;
		;
			case 236: // STATE 104
		sv_restor();
		goto R999;

	case 237: // STATE 105
		;
	/* 0 */	((P0 *)_this)->limit = trpt->bup.oval;
		;
		;
		goto R999;
	case 238: // STATE 124
		sv_restor();
		goto R999;

	case 239: // STATE 128
		;
		((P0 *)_this)->result = trpt->bup.oval;
		;
		goto R999;
	case 240: // STATE 139
		sv_restor();
		goto R999;

	case 241: // STATE 140
		;
	/* 0 */	((P0 *)_this)->result = trpt->bup.oval;
		;
		;
		goto R999;
	case 242: // STATE 150
		sv_restor();
		goto R999;

	case 243: // STATE 163
		;
		((P0 *)_this)->limit = trpt->bup.ovals[1];
		((P0 *)_this)->word = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 244: // STATE 171
		;
	/* 0 */	((P0 *)_this)->result = trpt->bup.oval;
		;
		;
		goto R999;
	case 245: // STATE 174
		sv_restor();
		goto R999;
	case 246: // STATE 177
		sv_restor();
		goto R999;
;
		;
			case 248: // STATE 181
		sv_restor();
		goto R999;

	case 249: // STATE 183
		;
		((P0 *)_this)->done = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->done = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 250: // STATE 187
		sv_restor();
		goto R999;
	case 251: // STATE 193
		sv_restor();
		goto R999;

	case 252: // STATE 195
		;
		((P0 *)_this)->done = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->done = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 253: // STATE 199
		sv_restor();
		goto R999;
	case 254: // STATE 203
		sv_restor();
		goto R999;

	case 255: // STATE 204
		;
		now.requested_ = trpt->bup.oval;
		;
		goto R999;

	case 256: // STATE 205
		;
	/* 0 */	((P0 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;

	case 257: // STATE 206
		;
		((P0 *)_this)->done = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 259: // STATE 208
		;
		((P0 *)_this)->more = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 261: // STATE 217
		sv_restor();
		goto R999;
;
		;
			case 263: // STATE 221
		sv_restor();
		goto R999;
;
		;
			case 265: // STATE 225
		sv_restor();
		goto R999;
	case 266: // STATE 245
		sv_restor();
		goto R999;

	case 267: // STATE 248
		;
	/* 0 */	((P0 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;

	case 268: // STATE 249
		;
		now.timer = trpt->bup.oval;
		;
		goto R999;

	case 269: // STATE 250
		;
	/* 0 */	((P0 *)_this)->more = trpt->bup.oval;
		;
		;
		goto R999;

	case 270: // STATE 251
		;
		now.timer = trpt->bup.oval;
		;
		goto R999;
	case 271: // STATE 258
		sv_restor();
		goto R999;
	case 272: // STATE 263
		sv_restor();
		goto R999;

	case 273: // STATE 275
		;
		((P0 *)_this)->index = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->index = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 274: // STATE 275
		;
		((P0 *)_this)->index = trpt->bup.oval;
		;
		goto R999;
	case 275: // STATE 287
		sv_restor();
		goto R999;
	case 276: // STATE 291
		sv_restor();
		goto R999;
;
		;
		;
		;
		;
		;
		
	case 280: // STATE 295
		;
		((P0 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 282: // STATE 297
		;
		((P0 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 284: // STATE 299
		;
		((P0 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
	case 285: // STATE 324
		sv_restor();
		goto R999;

	case 286: // STATE 325
		;
	/* 0 */	((P0 *)_this)->head = trpt->bup.oval;
		;
		;
		goto R999;
	case 287: // STATE 328
		sv_restor();
		goto R999;

	case 288: // STATE 333
		;
		((P0 *)_this)->head = trpt->bup.oval;
		;
		goto R999;

	case 289: // STATE 339
		;
		now.slicing = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 291: // STATE 347
		sv_restor();
		goto R999;

	case 292: // STATE 348
		;
	/* 0 */	((P0 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;
	case 293: // STATE 354
		sv_restor();
		goto R999;
	case 294: // STATE 376
		sv_restor();
		goto R999;

	case 295: // STATE 377
		;
	/* 0 */	((P0 *)_this)->head = trpt->bup.oval;
		;
		;
		goto R999;
	case 296: // STATE 380
		sv_restor();
		goto R999;

	case 297: // STATE 385
		;
		((P0 *)_this)->head = trpt->bup.oval;
		;
		goto R999;

	case 298: // STATE 387
		;
		((P0 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
	case 299: // STATE 405
		sv_restor();
		goto R999;
;
		;
			case 301: // STATE 411
		sv_restor();
		goto R999;

	case 302: // STATE 412
		;
	/* 0 */	((P0 *)_this)->limit = trpt->bup.oval;
		;
		;
		goto R999;
	case 303: // STATE 431
		sv_restor();
		goto R999;

	case 304: // STATE 435
		;
		((P0 *)_this)->result = trpt->bup.oval;
		;
		goto R999;
	case 305: // STATE 446
		sv_restor();
		goto R999;

	case 306: // STATE 447
		;
	/* 0 */	((P0 *)_this)->result = trpt->bup.oval;
		;
		;
		goto R999;
	case 307: // STATE 457
		sv_restor();
		goto R999;

	case 308: // STATE 470
		;
		((P0 *)_this)->limit = trpt->bup.ovals[1];
		((P0 *)_this)->word = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 309: // STATE 473
		;
	/* 0 */	((P0 *)_this)->result = trpt->bup.oval;
		;
		;
		goto R999;
	case 310: // STATE 477
		sv_restor();
		goto R999;
;
		;
		
	case 312: // STATE 479
		;
	/* 0 */	((P0 *)_this)->word = trpt->bup.oval;
		;
		;
		goto R999;

	case 313: // STATE 495
		;
		((P0 *)_this)->word = trpt->bup.ovals[1];
		((P0 *)_this)->done = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 314: // STATE 489
		sv_restor();
		goto R999;

	case 315: // STATE 495
		;
		((P0 *)_this)->word = trpt->bup.oval;
		;
		goto R999;

	case 316: // STATE 496
		;
	/* 0 */	((P0 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;
	case 317: // STATE 505
		sv_restor();
		goto R999;

	case 318: // STATE 512
		;
		((P0 *)_this)->result = trpt->bup.ovals[2];
	/* 1 */	((P0 *)_this)->mayWait = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->result = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		
	case 320: // STATE 523
		;
		((P0 *)_this)->tends = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 322: // STATE 527
		sv_restor();
		goto R999;
;
		;
			case 324: // STATE 531
		sv_restor();
		goto R999;

	case 325: // STATE 536
		;
	/* 0 */	((P0 *)_this)->begins = trpt->bup.oval;
		;
		;
		goto R999;

	case 326: // STATE 537
		;
		((P0 *)_this)->tends = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 328: // STATE 541
		sv_restor();
		goto R999;
;
		;
			case 330: // STATE 545
		sv_restor();
		goto R999;

	case 331: // STATE 550
		;
	/* 0 */	((P0 *)_this)->begins = trpt->bup.oval;
		;
		;
		goto R999;
;
		;
			case 333: // STATE 554
		sv_restor();
		goto R999;
;
		;
			case 335: // STATE 558
		sv_restor();
		goto R999;
;
		;
		;
		;
			case 338: // STATE 567
		sv_restor();
		goto R999;
;
		;
			case 340: // STATE 571
		sv_restor();
		goto R999;

	case 341: // STATE 578
		;
		((P0 *)_this)->begins = trpt->bup.oval;
		;
		goto R999;
	case 342: // STATE 592
		sv_restor();
		goto R999;
;
		;
			case 344: // STATE 599
		sv_restor();
		goto R999;
;
		;
			case 346: // STATE 605
		sv_restor();
		goto R999;
;
		;
			case 348: // STATE 611
		sv_restor();
		goto R999;
;
		;
			case 350: // STATE 617
		sv_restor();
		goto R999;

	case 351: // STATE 620
		;
		((P0 *)_this)->tends = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->tends = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 352: // STATE 625
		sv_restor();
		goto R999;

	case 353: // STATE 627
		;
		((P0 *)_this)->done = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->done = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 354: // STATE 631
		sv_restor();
		goto R999;
	case 355: // STATE 635
		sv_restor();
		goto R999;

	case 356: // STATE 636
		;
		now.requested_ = trpt->bup.oval;
		;
		goto R999;

	case 357: // STATE 637
		;
	/* 0 */	((P0 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;

	case 358: // STATE 638
		;
		((P0 *)_this)->done = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 360: // STATE 640
		;
		((P0 *)_this)->more = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 362: // STATE 649
		sv_restor();
		goto R999;
;
		;
			case 364: // STATE 653
		sv_restor();
		goto R999;
;
		;
			case 366: // STATE 657
		sv_restor();
		goto R999;
	case 367: // STATE 677
		sv_restor();
		goto R999;

	case 368: // STATE 680
		;
	/* 0 */	((P0 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;

	case 369: // STATE 681
		;
		now.timer = trpt->bup.oval;
		;
		goto R999;

	case 370: // STATE 682
		;
	/* 0 */	((P0 *)_this)->more = trpt->bup.oval;
		;
		;
		goto R999;

	case 371: // STATE 683
		;
		now.timer = trpt->bup.oval;
		;
		goto R999;
	case 372: // STATE 690
		sv_restor();
		goto R999;
	case 373: // STATE 695
		sv_restor();
		goto R999;

	case 374: // STATE 707
		;
		((P0 *)_this)->index = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->index = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 375: // STATE 707
		;
		((P0 *)_this)->index = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 377: // STATE 715
		;
		((P0 *)_this)->lastOut = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->lastOut = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 378: // STATE 725
		sv_restor();
		goto R999;

	case 379: // STATE 731
		;
		((P0 *)_this)->now = trpt->bup.oval;
		;
		goto R999;

	case 380: // STATE 752
		;
		((P0 *)_this)->mayWait = trpt->bup.ovals[1];
		((P0 *)_this)->kept = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 381: // STATE 744
		sv_restor();
		goto R999;

	case 382: // STATE 752
		;
		((P0 *)_this)->mayWait = trpt->bup.oval;
		;
		goto R999;

	case 383: // STATE 753
		;
	/* 0 */	((P0 *)_this)->result = trpt->bup.oval;
		;
		;
		goto R999;
;
		;
			case 385: // STATE 758
		sv_restor();
		goto R999;
;
		;
			case 387: // STATE 762
		sv_restor();
		goto R999;

	case 388: // STATE 765
		;
		((P0 *)_this)->done = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->done = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 389: // STATE 770
		sv_restor();
		goto R999;

	case 390: // STATE 772
		;
		((P0 *)_this)->done = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->done = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 391: // STATE 776
		sv_restor();
		goto R999;
	case 392: // STATE 780
		sv_restor();
		goto R999;

	case 393: // STATE 781
		;
		now.requested_ = trpt->bup.oval;
		;
		goto R999;

	case 394: // STATE 782
		;
	/* 0 */	((P0 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;

	case 395: // STATE 783
		;
		((P0 *)_this)->done = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 397: // STATE 785
		;
		((P0 *)_this)->more = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 399: // STATE 794
		sv_restor();
		goto R999;
;
		;
			case 401: // STATE 798
		sv_restor();
		goto R999;
;
		;
			case 403: // STATE 802
		sv_restor();
		goto R999;
	case 404: // STATE 822
		sv_restor();
		goto R999;

	case 405: // STATE 825
		;
	/* 0 */	((P0 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;

	case 406: // STATE 826
		;
		now.timer = trpt->bup.oval;
		;
		goto R999;

	case 407: // STATE 827
		;
	/* 0 */	((P0 *)_this)->more = trpt->bup.oval;
		;
		;
		goto R999;

	case 408: // STATE 828
		;
		now.timer = trpt->bup.oval;
		;
		goto R999;
	case 409: // STATE 835
		sv_restor();
		goto R999;
	case 410: // STATE 840
		sv_restor();
		goto R999;

	case 411: // STATE 852
		;
		((P0 *)_this)->index = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->index = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 412: // STATE 852
		;
		((P0 *)_this)->index = trpt->bup.oval;
		;
		goto R999;

	case 413: // STATE 862
		;
		((P0 *)_this)->kept = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->kept = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 414: // STATE 872
		sv_restor();
		goto R999;
	case 415: // STATE 884
		sv_restor();
		goto R999;

	case 416: // STATE 1347
		;
		((P0 *)_this)->weight = trpt->bup.ovals[2];
		((P0 *)_this)->result = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->result = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 417: // STATE 887
		;
	/* 0 */	((P0 *)_this)->result = trpt->bup.oval;
		;
		;
		goto R999;
	case 418: // STATE 892
		sv_restor();
		goto R999;
	case 419: // STATE 895
		sv_restor();
		goto R999;

	case 420: // STATE 897
		;
		((P0 *)_this)->done = trpt->bup.ovals[1];
		((P0 *)_this)->next = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 421: // STATE 900
		;
		((P0 *)_this)->done = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 423: // STATE 924
		sv_restor();
		goto R999;

	case 424: // STATE 925
		;
	/* 0 */	((P0 *)_this)->word = trpt->bup.oval;
		;
		;
		goto R999;

	case 425: // STATE 927
		;
		((P0 *)_this)->held = trpt->bup.oval;
		;
		goto R999;

	case 426: // STATE 939
		;
		((P0 *)_this)->next = trpt->bup.ovals[1];
		((P0 *)_this)->word = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 427: // STATE 942
		;
	/* 0 */	((P0 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;
	case 428: // STATE 945
		sv_restor();
		goto R999;
	case 429: // STATE 950
		sv_restor();
		goto R999;
	case 430: // STATE 956
		sv_restor();
		goto R999;
;
		;
		;
		;
		;
		;
		
	case 434: // STATE 960
		;
		((P0 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 436: // STATE 962
		;
		((P0 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 438: // STATE 964
		;
		((P0 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
	case 439: // STATE 989
		sv_restor();
		goto R999;

	case 440: // STATE 990
		;
	/* 0 */	((P0 *)_this)->head = trpt->bup.oval;
		;
		;
		goto R999;
	case 441: // STATE 993
		sv_restor();
		goto R999;

	case 442: // STATE 998
		;
		((P0 *)_this)->head = trpt->bup.oval;
		;
		goto R999;

	case 443: // STATE 1004
		;
		now.slicing = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 445: // STATE 1012
		sv_restor();
		goto R999;

	case 446: // STATE 1013
		;
	/* 0 */	((P0 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;
	case 447: // STATE 1019
		sv_restor();
		goto R999;
	case 448: // STATE 1041
		sv_restor();
		goto R999;

	case 449: // STATE 1042
		;
	/* 0 */	((P0 *)_this)->head = trpt->bup.oval;
		;
		;
		goto R999;
	case 450: // STATE 1045
		sv_restor();
		goto R999;

	case 451: // STATE 1050
		;
		((P0 *)_this)->head = trpt->bup.oval;
		;
		goto R999;

	case 452: // STATE 1052
		;
		((P0 *)_this)->head = trpt->bup.oval;
		;
		goto R999;
	case 453: // STATE 1069
		sv_restor();
		goto R999;
;
		;
		;
		;
		
	case 456: // STATE 1072
		;
		XX = 1;
		((P0 *)_this)->head = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 457: // STATE 1094
		sv_restor();
		goto R999;

	case 458: // STATE 1095
		;
	/* 0 */	((P0 *)_this)->head = trpt->bup.oval;
		;
		;
		goto R999;
	case 459: // STATE 1098
		sv_restor();
		goto R999;

	case 460: // STATE 1103
		;
		((P0 *)_this)->head = trpt->bup.oval;
		;
		goto R999;

	case 461: // STATE 1115
		;
		((P0 *)_this)->word = trpt->bup.ovals[1];
		((P0 *)_this)->lastOut = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 462: // STATE 1115
		;
		((P0 *)_this)->word = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 464: // STATE 1117
		;
		((P0 *)_this)->tends = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 466: // STATE 1121
		sv_restor();
		goto R999;
;
		;
			case 468: // STATE 1125
		sv_restor();
		goto R999;

	case 469: // STATE 1130
		;
	/* 0 */	((P0 *)_this)->begins = trpt->bup.oval;
		;
		;
		goto R999;

	case 470: // STATE 1131
		;
		((P0 *)_this)->tends = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 472: // STATE 1135
		sv_restor();
		goto R999;
;
		;
			case 474: // STATE 1139
		sv_restor();
		goto R999;

	case 475: // STATE 1144
		;
	/* 0 */	((P0 *)_this)->begins = trpt->bup.oval;
		;
		;
		goto R999;
;
		;
			case 477: // STATE 1148
		sv_restor();
		goto R999;
;
		;
			case 479: // STATE 1152
		sv_restor();
		goto R999;
;
		;
		;
		;
			case 482: // STATE 1161
		sv_restor();
		goto R999;
;
		;
			case 484: // STATE 1165
		sv_restor();
		goto R999;

	case 485: // STATE 1172
		;
		((P0 *)_this)->begins = trpt->bup.oval;
		;
		goto R999;
	case 486: // STATE 1186
		sv_restor();
		goto R999;
;
		;
			case 488: // STATE 1193
		sv_restor();
		goto R999;
;
		;
			case 490: // STATE 1199
		sv_restor();
		goto R999;
;
		;
			case 492: // STATE 1205
		sv_restor();
		goto R999;
;
		;
			case 494: // STATE 1211
		sv_restor();
		goto R999;

	case 495: // STATE 1214
		;
		((P0 *)_this)->tends = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->tends = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 496: // STATE 1219
		sv_restor();
		goto R999;

	case 497: // STATE 1221
		;
		((P0 *)_this)->done = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->done = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 498: // STATE 1225
		sv_restor();
		goto R999;
	case 499: // STATE 1229
		sv_restor();
		goto R999;

	case 500: // STATE 1230
		;
		now.requested_ = trpt->bup.oval;
		;
		goto R999;

	case 501: // STATE 1231
		;
	/* 0 */	((P0 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;

	case 502: // STATE 1232
		;
		((P0 *)_this)->done = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 504: // STATE 1234
		;
		((P0 *)_this)->more = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 506: // STATE 1243
		sv_restor();
		goto R999;
;
		;
			case 508: // STATE 1247
		sv_restor();
		goto R999;
;
		;
			case 510: // STATE 1251
		sv_restor();
		goto R999;
	case 511: // STATE 1271
		sv_restor();
		goto R999;

	case 512: // STATE 1274
		;
	/* 0 */	((P0 *)_this)->done = trpt->bup.oval;
		;
		;
		goto R999;

	case 513: // STATE 1275
		;
		now.timer = trpt->bup.oval;
		;
		goto R999;

	case 514: // STATE 1276
		;
	/* 0 */	((P0 *)_this)->more = trpt->bup.oval;
		;
		;
		goto R999;

	case 515: // STATE 1277
		;
		now.timer = trpt->bup.oval;
		;
		goto R999;
	case 516: // STATE 1284
		sv_restor();
		goto R999;
	case 517: // STATE 1289
		sv_restor();
		goto R999;

	case 518: // STATE 1301
		;
		((P0 *)_this)->index = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->index = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 519: // STATE 1301
		;
		((P0 *)_this)->index = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 521: // STATE 1309
		;
		((P0 *)_this)->lastOut = trpt->bup.ovals[1];
	/* 0 */	((P0 *)_this)->lastOut = trpt->bup.ovals[0];
		;
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
	case 522: // STATE 1319
		sv_restor();
		goto R999;
	case 523: // STATE 1334
		sv_restor();
		goto R999;

	case 524: // STATE 1347
		;
		((P0 *)_this)->weight = trpt->bup.ovals[3];
		((P0 *)_this)->held = trpt->bup.ovals[2];
		((P0 *)_this)->now = trpt->bup.ovals[1];
		((P0 *)_this)->done = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 4);
		goto R999;

	case 525: // STATE 1347
		;
		((P0 *)_this)->weight = trpt->bup.ovals[2];
		((P0 *)_this)->held = trpt->bup.ovals[1];
		((P0 *)_this)->now = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 526: // STATE 1347
		;
		((P0 *)_this)->weight = trpt->bup.ovals[1];
		((P0 *)_this)->result = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 527: // STATE 1347
		;
		((P0 *)_this)->weight = trpt->bup.oval;
		;
		goto R999;

	case 528: // STATE 1351
		;
		now.ended = trpt->bup.oval;
		;
		goto R999;

	case 529: // STATE 1352
		;
		p_restor(II);
		;
		;
		goto R999;
	}

